// What waits on this device as one file that any browser opens without a connection: for when it cannot be sent.
// Words, answers and photos in plain sight, so that somebody else can enter them.
(() => {
  const { words } = self.fieldForms;
  const english = document.documentElement.lang === "en";
  const LOOK =
    "body{max-width:44rem;margin:2rem auto;padding:0 1rem;font:16px/1.6 system-ui,sans-serif}" +
    "article{border-top:1px solid #999;margin-top:1.5rem;break-inside:avoid}dt{font-weight:600}" +
    "dd{margin:0 0 .5rem;white-space:pre-wrap}img{max-width:100%;max-height:24rem;display:block;margin:.5rem 0}";

  function make(tag, ...children) {
    const element = document.createElement(tag);
    element.append(...children);
    return element;
  }

  function moment(value) {
    return new Date(value).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  }

  function said(value) {
    if (value === true || value === false) return value ? words.yes : words.no;
    return Array.isArray(value) ? value.join(", ") : String(value);
  }

  // -- Fields as rows of a label and a text ------------------------------------------------------

  function answersOf(given, { form }, kinds) {
    const asked = kinds.find((kind) => kind.form?.id === form)?.form.questions ?? [];
    return Object.entries(JSON.parse(given)).map(([key, value]) => {
      const question = asked.find((one) => one.key === key);
      return [(english && question?.label_en) || question?.label || key, said(value)];
    });
  }

  function findingsOf(given) {
    return JSON.parse(given).map((one) => [words.file_finding, [one.text, one.settled].filter(Boolean).join("\n")]);
  }

  const ROWS = {
    text: (text) => [[words.file_text, text]],
    address: (text) => [[words.file_address, text]],
    at: (text) => [[words.file_at, moment(text)]],
    lon: (lon, { lat }) => [[words.file_position, `${lat}, ${lon}`]],
    far_reason: (text) => [[words.file_far, text]],
    answers: (text, given, { kinds }) => answersOf(text, given, kinds),
    findings: findingsOf,
    category: (key, given, { categories }) => [[words.file_category, categories.find((one) => one.id === key)?.name ?? String(key)]],
    note: (text) => [[words.file_note, text]],
  };

  function rowsOf(entry, known) {
    const given = Object.fromEntries(entry.fields);
    return Object.entries(ROWS).flatMap(([name, rows]) => (given[name] ? rows(given[name], given, known) : []));
  }

  // -- The file ----------------------------------------------------------------------------------

  function asData(file) {
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(file);
    });
  }

  async function drawn(entry, photos, known) {
    const list = make("dl", ...rowsOf(entry, known).flatMap(([label, text]) => [make("dt", label), make("dd", text)]));
    const pictures = [];
    for (const [, file] of photos) {
      pictures.push(Object.assign(make("img"), { src: await asData(file), alt: file.name }));
    }
    return make(
      "article", make("h2", `${words[entry.kind]} · ${entry.label}`),
      make("p", [moment(entry.made), words[entry.state], entry.why].filter(Boolean).join(" · ")), list, ...pictures,
    );
  }

  // `photosOf(entry)`: [[name, File]]; `known`: the kinds of visits and the categories that were taken along.
  async function fileOf(entries, photosOf, known) {
    const page = make("main", make("h1", words.file_title), make("p", moment(Date.now())));
    for (const entry of entries) page.append(await drawn(entry, await photosOf(entry), known));
    const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${words.file_title}</title><style>${LOOK}</style>`;
    const text = `<!doctype html><html lang="${document.documentElement.lang}"><head>${head}</head><body>${page.outerHTML}</body></html>`;
    const stamp = new Date().toISOString().slice(0, 16).replace(/[^0-9]/g, "");
    return new File([text], `gongzhi-${stamp}.html`, { type: "text/html" });
  }

  function save(file) {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: file.name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  self.fieldFile = { fileOf, save };
})();
