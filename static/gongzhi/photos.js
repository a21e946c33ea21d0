// Photos before they are sent: shown, removable, made smaller (a phone's 12 MB become about 400 kB).
//
//   <input type="file" accept="image/*" multiple data-photos="#list" data-most="6" data-remove="Remove">
//   <ul id="list" class="photos"></ul>
(() => {
  const LONGEST = 2048;

  async function smaller(file) {
    if (!file.type.startsWith("image/")) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      if (scale === 1 && file.size < 600_000) return file;
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      return new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" });
    } catch {
      return file; // the server says what it cannot read
    }
  }

  function chooser(input) {
    const list = document.querySelector(input.dataset.photos);
    const most = Number(input.dataset.most ?? 6);
    let files = [];

    function keep() {
      const kept = new DataTransfer();
      for (const file of files) kept.items.add(file);
      input.files = kept.files;
      list.replaceChildren(...files.map(shown));
    }

    function shown(file) {
      const item = document.createElement("li");
      const picture = document.createElement("img");
      picture.src = URL.createObjectURL(file);
      picture.alt = file.name;
      picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "btn btn-ghost photo-remove";
      remove.textContent = input.dataset.remove ?? "×";
      remove.setAttribute("aria-label", `${remove.textContent} ${file.name}`);
      remove.addEventListener("click", () => {
        files = files.filter((other) => other !== file);
        keep();
        input.focus();
      });
      item.append(picture, remove);
      return item;
    }

    input.form?.addEventListener("reset", () => {
      files = [];
      list.replaceChildren();
    });
    input.addEventListener("change", async () => {
      const chosen = await Promise.all([...input.files].map(smaller));
      files = [...files, ...chosen].slice(0, most);
      keep();
    });
  }

  function choosers(part) {
    for (const input of part.querySelectorAll("input[type=file][data-photos]")) {
      if (input.dataset.chooser) continue;
      input.dataset.chooser = "yes";
      chooser(input);
    }
  }

  choosers(document);
  for (const name of ["htmx:load", "part-added"]) {
    document.addEventListener(name, (event) => choosers(event.detail.elt));
  }
})();
