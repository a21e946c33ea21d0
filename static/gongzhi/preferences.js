// How the reader wants pages to look: kept in cookies, so that the server draws them right at once.
const ATTRIBUTES = { theme: "data-bs-theme", text_size: "data-size", contrast: "data-contrast" };
const YEAR = 365 * 24 * 60 * 60;

function choose(name, value) {
  const age = value ? YEAR : 0;
  document.cookie = `${name}=${value}; path=/; max-age=${age}; samesite=lax`;
  const root = document.documentElement;
  if (value) root.setAttribute(ATTRIBUTES[name], value);
  else root.removeAttribute(ATTRIBUTES[name]);
  document.dispatchEvent(new CustomEvent("look-changed"));
}

function showChoices() {
  for (const button of document.querySelectorAll("[data-preference]")) {
    const chosen = document.documentElement.getAttribute(ATTRIBUTES[button.dataset.preference]);
    button.setAttribute("aria-pressed", String(chosen === button.dataset.value));
  }
}

document.documentElement.classList.add("scripted");
for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
for (const button of document.querySelectorAll("[data-preference]")) {
  button.addEventListener("click", () => {
    const pressed = button.getAttribute("aria-pressed") === "true";
    choose(button.dataset.preference, pressed ? "" : button.dataset.value);
    showChoices();
  });
}
