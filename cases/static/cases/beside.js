// List → the case beside it → act, without losing the place. On a narrow screen links stay links.
const wide = window.matchMedia("(min-width: 1200px)");

function mark(link) {
  for (const other of document.querySelectorAll("a[data-beside][aria-current]")) {
    other.removeAttribute("aria-current");
  }
  link.setAttribute("aria-current", "true");
}

function remember(link) {
  const address = new URL(window.location.href);
  address.searchParams.set("open", link.pathname.split("/").filter(Boolean).pop());
  window.history.replaceState(null, "", address);
}

function opened() {
  const number = new URL(window.location.href).searchParams.get("open");
  return number && document.querySelector(`a[data-beside][href$="/${CSS.escape(number)}/"]`);
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-beside]");
  const plain = !event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0;
  const beside = document.querySelector("#beside");
  if (!link || !plain || !wide.matches || !beside) return;
  event.preventDefault();
  mark(link);
  await window.htmx.ajax("GET", link.href, { target: "#beside", swap: "innerHTML" });
  remember(link);
  beside.scrollTop = 0;
  beside.querySelector("h2")?.focus({ preventScroll: true });
});

const current = opened();
if (current) mark(current);
