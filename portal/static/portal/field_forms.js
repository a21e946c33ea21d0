// The two forms of the page for the street: a visit by its kind's questions, and a case. They answer what the queue
// takes; nothing here talks to the server.
(() => {
  const words = JSON.parse(document.querySelector("#field-words").textContent);
  const english = document.documentElement.lang === "en";
  const MOST_PHOTOS = 12; // of one visit, as on the server
  let counter = 0;

  function say(name, values = {}) {
    return Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`%(${key})s`, value), words[name]);
  }

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children);
    return element;
  }

  function copy(id) {
    return document.querySelector(id).content.firstElementChild.cloneNode(true);
  }

  // Metres between two points, as on the server.
  function metres([lonA, latA], [lonB, latB]) {
    const rad = (degrees) => (degrees * Math.PI) / 180;
    const across = Math.sin(rad(lonB - lonA) / 2) * Math.sqrt(Math.cos(rad(latA)) * Math.cos(rad(latB)));
    const along = Math.sin(rad(latB - latA) / 2);
    return 2 * 6371008.8 * Math.asin(Math.min(1, Math.hypot(across, along)));
  }

  function position() {
    return new Promise((resolve) => {
      if (!navigator.geolocation) return resolve(null);
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => resolve({ lon: coords.longitude, lat: coords.latitude, accuracy: Math.round(coords.accuracy) }),
        () => resolve(null),
        { enableHighAccuracy: true, timeout: 12000, maximumAge: 5000 },
      );
    });
  }

  function wrong(form, text) {
    const place = form.querySelector("[data-wrong]");
    place.hidden = !text;
    place.textContent = text;
    if (text) place.scrollIntoView({ block: "center" });
  }

  // -- Questions -------------------------------------------------------------------------------

  function photoField(id, most) {
    const list = make("ul", { class: "photos", id: `${id}-list` });
    const input = make("input", {
      type: "file", id, accept: "image/*", multiple: true, class: "visually-hidden",
      "data-photos": `#${id}-list`, "data-most": most, "data-remove": words.remove,
    });
    return [input, list];
  }

  function choices(id, options) {
    const select = make("select", { id, class: "form-select" }, make("option", { value: "" }, "—"));
    for (const [value, label] of options) select.append(make("option", { value }, label));
    return select;
  }

  const DRAWN = {
    text: (id) => [make("textarea", { id, class: "form-control", rows: 2, maxlength: 1000 })],
    number: (id) => [make("input", { id, class: "form-control", type: "number", step: "any", inputmode: "decimal" })],
    choice: (id, question) => [choices(id, question.choices.map((each) => [each, each]))],
    yes_no: (id) => [choices(id, [["yes", words.yes], ["no", words.no]])],
    photo: (id) => photoField(id, 3),
    place: (id) => [make("input", { id, class: "form-control", readonly: true }), make("button", { type: "button", class: "btn", "data-take": id }, words.take_place)],
  };

  function drawQuestion(question) {
    const id = `answer-${question.key}`;
    const label = make("label", { class: "form-label", for: id }, (english && question.label_en) || question.label);
    if (!question.required) label.append(" ", make("span", { class: "optional" }, words.optional));
    if (question.type === "photo") label.className = "btn btn-wide";
    return make("div", { class: "field", "data-key": question.key, "data-type": question.type }, label, ...DRAWN[question.type](id, question));
  }

  function answerOf(field) {
    const control = field.querySelector("input, select, textarea");
    if (field.dataset.type === "photo") return undefined;
    if (control.value === "") return undefined;
    if (field.dataset.type === "number") return Number(control.value);
    if (field.dataset.type === "yes_no") return control.value === "yes";
    if (field.dataset.type === "place") return JSON.parse(control.dataset.point);
    return control.value;
  }

  // -- A visit -----------------------------------------------------------------------------------

  class VisitForm {
    constructor(form, categoryOf) {
      this.form = form;
      this.categoryOf = categoryOf;
      form.querySelector("[data-check-in]").addEventListener("click", () => this.checkIn());
      form.querySelector("[data-add-finding]").addEventListener("click", () => this.addFinding());
      form.addEventListener("click", (event) => this.takePlace(event.target.closest("[data-take]")));
    }

    begin(plan, kind) {
      Object.assign(this, { plan, kind, key: `visit-${crypto.randomUUID()}`, at: null, place: null });
      this.form.reset();
      wrong(this.form, "");
      this.form.querySelector("[data-position]").textContent = "";
      this.form.querySelector("[data-far]").hidden = true;
      this.form.querySelector("[data-findings]").replaceChildren();
      const questions = this.form.querySelector("[data-questions]");
      questions.replaceChildren(...kind.form.questions.map(drawQuestion));
      announce(questions);
    }

    async checkIn() {
      const said = this.form.querySelector("[data-position]");
      const button = this.form.querySelector("[data-check-in]");
      button.disabled = true;
      this.place = await position();
      this.at = new Date();
      button.disabled = false;
      const far = this.form.querySelector("[data-far]");
      if (!this.place) {
        said.textContent = words.no_position;
        far.hidden = false;
        return;
      }
      const { lon, lat } = this.plan.target;
      const accuracy = this.place.accuracy;
      if (lon === null) {
        said.textContent = say("no_target", { accuracy });
        far.hidden = true;
        return;
      }
      const distance = Math.round(metres([lon, lat], [this.place.lon, this.place.lat]));
      const isFar = distance > this.kind.farthest_m + accuracy;
      // Whether one still stands inside the grid that one patrols is what the server knows.
      const tooFar = this.kind.target_kind === "grid" ? "outside_grid" : "too_far";
      said.textContent = say(isFar ? tooFar : "here", { metres: distance, accuracy });
      far.hidden = !isFar;
    }

    async takePlace(button) {
      if (!button) return;
      const place = await position();
      if (!place) return;
      const control = this.form.querySelector(`#${button.dataset.take}`);
      control.value = `${place.lat.toFixed(5)}, ${place.lon.toFixed(5)}`;
      control.dataset.point = JSON.stringify([place.lon, place.lat]);
    }

    addFinding() {
      const part = copy("#finding-row");
      const number = (counter += 1);
      for (const control of part.querySelectorAll("[data-field]")) {
        control.id = `finding-${number}-${control.dataset.field}`;
        part.querySelector(`[data-for="${control.dataset.field}"]`)?.setAttribute("for", control.id);
      }
      part.querySelector("[data-list]").id = `finding-${number}-list`;
      part.querySelector("[data-field=photos]").dataset.photos = `#finding-${number}-list`;
      const fate = part.querySelector("[data-field=fate]");
      fate.addEventListener("change", () => {
        part.querySelector("[data-settled]").hidden = fate.value !== "settled";
        part.querySelector("[data-category]").hidden = fate.value === "settled";
      });
      part.querySelector("[data-remove-finding]").addEventListener("click", () => part.remove());
      this.form.querySelector("[data-findings]").append(part);
      announce(part);
      part.querySelector("textarea").focus();
    }

    // What the queue takes, or null with the reason on the form.
    entry() {
      const reason = this.form.elements.far_reason.value.trim();
      if (!this.at && !reason) {
        this.form.querySelector("[data-far]").hidden = false;
        return this.refuse(words.no_check_in);
      }
      const photos = [];
      const photoOf = [];
      const answers = {};
      for (const field of this.form.querySelectorAll("[data-questions] [data-key]")) {
        const { key, type } = field.dataset;
        const question = this.kind.form.questions.find((each) => each.key === key);
        const files = type === "photo" ? [...field.querySelector("input").files] : [];
        const answer = answerOf(field);
        if (question.required && answer === undefined && !files.length) {
          return this.refuse(say("unanswered", { label: (english && question.label_en) || question.label }));
        }
        if (answer !== undefined) answers[key] = answer;
        for (const file of files) {
          photos.push(["photos", file]);
          photoOf.push(key);
        }
      }
      const findings = this.findings(photos, photoOf);
      if (photos.length > MOST_PHOTOS) return this.refuse(words.too_many_photos);
      return findings && this.packed({ reason, answers, findings, photos, photoOf });
    }

    findings(photos, photoOf) {
      const found = [];
      for (const part of this.form.querySelectorAll(".field-finding")) {
        const value = (name) => part.querySelector(`[data-field=${name}]`).value.trim();
        if (!value("text")) return this.refuse(words.no_words);
        const settled = value("fate") === "settled";
        if (settled && !value("settled")) return this.refuse(say("unanswered", { label: part.querySelector("[data-for=settled]").textContent }));
        for (const file of part.querySelector("[data-field=photos]").files) {
          photos.push(["photos", file]);
          photoOf.push(found.length);
        }
        found.push({
          text: value("text"), to_case: value("fate") === "case",
          settled: settled ? value("settled") : "", category: this.categoryOf(value("category"))?.code ?? "",
        });
      }
      return found;
    }

    packed({ reason, answers, findings, photos, photoOf }) {
      const fields = {
        client_key: this.key, target: this.plan.target.id, form: this.kind.form.id,
        at: (this.at ?? new Date()).toISOString(), answers: JSON.stringify(answers),
        findings: JSON.stringify(findings), photo_of: JSON.stringify(photoOf),
        far_reason: reason, note: this.form.elements.note.value,
      };
      if (this.place) {
        Object.assign(fields, { lon: this.place.lon, lat: this.place.lat, accuracy_m: this.place.accuracy });
      }
      const kind = (english && this.kind.name_en) || this.kind.name;
      return {
        id: this.key, kind: "visit", label: `${kind} · ${this.plan.target.name}`, url: "/api/v1/visits/",
        plan: this.plan.id, fields: Object.entries(fields), photos,
      };
    }

    refuse(text) {
      wrong(this.form, text);
      return null;
    }
  }

  // -- A case --------------------------------------------------------------------------------------

  class CaseForm {
    constructor(form, categoryOf) {
      this.form = form;
      this.categoryOf = categoryOf;
      form.querySelector("[data-here]").addEventListener("click", () => this.here());
      this.begin();
    }

    begin() {
      this.key = `field-${crypto.randomUUID()}`;
      this.place = null;
      this.form.reset();
      wrong(this.form, "");
      this.form.querySelector("[data-position]").textContent = "";
      this.form.querySelector(".photos").replaceChildren();
    }

    async here() {
      this.place = await position();
      const said = this.form.querySelector("[data-position]");
      said.textContent = this.place ? say("position_taken", { accuracy: this.place.accuracy }) : words.no_place;
    }

    entry() {
      const { text, address, typed, urgency, photos } = this.form.elements;
      if (!text.value.trim()) return this.refuse(words.no_words);
      if (!this.place && !address.value.trim()) return this.refuse(words.no_place);
      const fields = { client_key: this.key, text: text.value, address: address.value, urgency: urgency.value, channel: "visit" };
      if (this.place) Object.assign(fields, { lon: this.place.lon, lat: this.place.lat });
      const category = this.categoryOf(typed.value);
      if (category) fields.category = category.id;
      return {
        id: this.key, kind: "case", label: text.value.trim().slice(0, 60), url: "/cases/new/",
        fields: Object.entries(fields), photos: [...photos.files].map((file) => ["photos", file]),
      };
    }

    refuse(text) {
      wrong(this.form, text);
      return null;
    }
  }

  function announce(elt) {
    document.dispatchEvent(new CustomEvent("part-added", { detail: { elt } }));
  }

  self.fieldForms = { VisitForm, CaseForm, words, say, copy, metres, position };
})();
