// A report: its rail, its autosave, its table, its files. One file, since the first visit fetches each.
"use strict";

// The rail of a report: folded on a narrow screen, and pointing at the section that is being read.
const narrow = window.matchMedia("(max-width: 1000px)");
for (const fold of document.querySelectorAll("[data-fold]")) fold.open = !narrow.matches;

const seen = new Map();
const mark = () => {
  const current = [...seen].find(([, visible]) => visible);
  for (const link of document.querySelectorAll("#rail-progress nav a")) {
    if (current && link.hash === `#${current[0]}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
};
const observer = new IntersectionObserver((entries) => {
  for (const entry of entries) seen.set(entry.target.id, entry.isIntersecting);
  mark();
}, { rootMargin: "-72px 0px -60% 0px" });
for (const section of document.querySelectorAll(".section[id]")) {
  seen.set(section.id, false);
  observer.observe(section);
}
document.addEventListener("htmx:afterSettle", mark);

// A link of the "left to do" list leads to the field itself, not only to its row.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".to-do a, .flags a");
  if (!link) return;
  const place = document.getElementById(link.hash.slice(1));
  if (!place) return;
  const bad = place.querySelector("[data-notes]:not([data-invalid])[data-explain]");
  const explanation = bad && place.querySelector(".explanation textarea");
  const field = explanation || place.querySelector("input:not([type=hidden]), textarea, select");
  if (!field) return;
  event.preventDefault();
  if (narrow.matches) for (const fold of document.querySelectorAll("[data-fold]")) fold.open = false;
  place.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
});

// Autosave of a report. htmx sends each question when it changes; this file keeps account of what is saved and what is not.
// An answer counts as saved only where the response carries the Portal-Saved header.
(() => {
  const form = document.getElementById("report-form");
  if (!form || !window.htmx) return;
  const bar = document.getElementById("save-bar");
  const status = document.getElementById("save-status");
  const unsaved = new Map(); // question element -> how often it was changed
  const sent = new WeakMap(); // question element -> the count that was sent
  const clashing = new Set();
  let waiting = null; // a form that is sent once everything is saved
  let tries = 0;
  let timer = 0;

  window.htmx.config.timeout = 15000;
  const questionOf = (element) => element.closest?.("[data-question]");
  const problem = () => document.getElementById("save-problem");

  const show = (state) => {
    bar.dataset.state = state;
  };
  const say = (text) => {
    if (status.textContent !== text) status.textContent = text; // the same words again would be read out again
  };
  const fail = (text) => {
    show("problem");
    waiting = null;
    for (const each of document.querySelectorAll("form[data-sent]")) delete each.dataset.sent;
    const line = document.createElement("p");
    line.textContent = text;
    if (problem().textContent.trim() !== text.trim()) problem().replaceChildren(line);
  };
  const changed = (question) => {
    unsaved.set(question, (unsaved.get(question) || 0) + 1);
    if (bar.dataset.state !== "problem") show("unsaved");
  };
  const saveAll = () => {
    clearTimeout(timer);
    timer = 0;
    for (const question of unsaved.keys()) {
      if (!clashing.has(question)) window.htmx.trigger(question, "portal:save");
    }
  };
  const retry = () => {
    tries += 1;
    if (!timer) timer = setTimeout(saveAll, Math.min(30, 2 ** tries) * 1000);
  };
  const settled = (question, time) => {
    if (unsaved.get(question) === sent.get(question)) unsaved.delete(question);
    clashing.delete(question);
    tries = 0;
    if (unsaved.size) return show(clashing.size ? "problem" : "unsaved");
    show("saved");
    problem().replaceChildren();
    say(bar.dataset.saved.replace("{time}", time));
    if (!waiting) return undefined;
    const ready = waiting;
    waiting = null;
    return ready.submit();
  };

  form.addEventListener("input", (event) => {
    const question = questionOf(event.target);
    if (question) changed(question);
  });
  form.addEventListener("click", (event) => {
    const box = event.target.closest("[data-settle]")?.closest("[data-settles]");
    if (!box) return;
    event.preventDefault();
    window.htmx.trigger(box, "portal:settle");
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const question = event.detail.elt.dataset.question && event.detail.elt;
    // Nothing new: what was typed is saved already, or waits for the choice between two answers.
    const settledAlready = question && (!unsaved.has(question) || (clashing.has(question) && unsaved.get(question) === sent.get(question)));
    if (settledAlready) return event.preventDefault();
    const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    if (cookie) event.detail.headers["X-CSRFToken"] = cookie[1];
    return undefined;
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const question = target(event.detail.elt);
    if (!question) return;
    sent.set(question, unsaved.get(question));
    if (bar.dataset.state !== "problem") show("saving");
  });
  const target = (element) => {
    const settles = element.dataset?.settles;
    return settles ? document.querySelector(`[data-question="${settles}"]`) : questionOf(element);
  };
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, xhr } = event.detail;
    const question = target(elt);
    if (!question) return;
    const time = xhr.getResponseHeader("Portal-Saved");
    if (xhr.status === 200 && time) return settled(question, time);
    if (xhr.status === 409) {
      clashing.add(question);
      return fail(bar.dataset.clash);
    }
    if (xhr.status === 401) fail(bar.dataset.signedOut);
    else if (xhr.status === 422 || xhr.status === 400) return show("problem"); // the response brought its own words
    else fail(bar.dataset.unreachable);
    return retry();
  });
  window.addEventListener("online", saveAll);
  // What the server says of an answer decides whether its explanation is asked for, and whether the field is marked.
  document.addEventListener("htmx:afterSettle", () => {
    for (const notes of document.querySelectorAll("[data-notes]")) {
      const key = notes.dataset.notes;
      const field = document.getElementById(`answer-${key}`);
      if (field) notes.hasAttribute("data-invalid") ? field.setAttribute("aria-invalid", "true") : field.removeAttribute("aria-invalid");
      const explanation = document.getElementById(`explain-${key}`);
      if (explanation) explanation.hidden = !notes.hasAttribute("data-explain") && !explanation.querySelector("textarea").value;
    }
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (unsaved.size) saveAll();
    else if (bar.dataset.state !== "problem") say(status.textContent);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-after-save]") || !unsaved.size) return;
    event.preventDefault();
    waiting = event.target;
    saveAll();
  }, true);
  window.addEventListener("beforeunload", (event) => {
    if (unsaved.size) event.preventDefault();
  });
})();

// The statistics table as a spreadsheet: arrows and Enter move, a column is pasted downwards, one step takes it back.
// Whatever is pasted reaches the server as if it were typed: by the autosave of each question.
(() => {
  const form = document.getElementById("report-form");
  if (!form) return;
  const FIELD = ".statistics .this input.input";
  const rowsOf = (element) => [...element.closest("table").querySelectorAll("tbody.question")];
  const fieldOf = (row) => row.querySelector(".this input.input");
  const codeOf = (row) => row.querySelector("th .code").textContent.trim().toUpperCase();

  // As the server reads numbers: one kind of separator, in threes; full-width digits and signs.
  const WIDE = { "．": ".", "。": ".", "，": ",", "－": "-", "−": "-", "＋": "+", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u3000": " " };
  const narrow = (text) => [...text.trim()].map((one) => (/[０-９]/.test(one) ? String(one.charCodeAt(0) - 0xff10) : WIDE[one] || one)).join("");
  const isNumber = (text) => /^[+-]? ?(\d{1,18}|\d{1,3}([, '])\d{3}(\2\d{3}){0,4})(\.\d{1,6})?$/.test(narrow(text));
  const withoutUnit = (text, units) => {
    const ends = (unit) => text.length > unit.length && text.toLowerCase().endsWith(unit.toLowerCase());
    const apart = (unit) => !/^\d/.test(unit) || /\s/.test(text.at(-unit.length - 1));
    const unit = units.filter((one) => one && ends(one) && apart(one)).sort((a, b) => b.length - a.length)[0];
    return unit ? text.slice(0, -unit.length).trim() : text;
  };
  const READABLE = {
    number: isNumber,
    whole: (text) => isNumber(text) && !/\.0*[1-9]/.test(narrow(text)),
    percent: (text) => isNumber(text.replace(/[%％]$/, "")),
    money: (text, units) => isNumber(withoutUnit(text, units).replace(/^([+\-−－＋]?)\s*[¥￥]\s*/, "$1")),
  };
  const isReadable = (field, text) => READABLE[field.dataset.kind](text.trim(), field.dataset.units.split("|"));

  for (const help of document.querySelectorAll("[data-table-help]")) help.hidden = false;

  // Moving
  const move = (field, by) => {
    const fields = rowsOf(field).map(fieldOf).filter(Boolean);
    const next = fields[fields.indexOf(field) + by];
    if (!next) return;
    next.focus();
    next.select();
  };
  const stepOf = (event) => {
    const field = event.target;
    if (event.key === "Enter") return event.shiftKey ? -1 : 1;
    if (event.shiftKey) return 0;
    if (event.key === "ArrowDown") return 1;
    if (event.key === "ArrowUp") return -1;
    const caret = field.selectionStart === field.selectionEnd ? field.selectionStart : -1;
    if (event.key === "ArrowLeft" && caret === 0) return -1;
    if (event.key === "ArrowRight" && caret === field.value.length) return 1;
    return 0;
  };
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || !event.target.matches(FIELD)) return;
    const step = stepOf(event);
    if (!step) return;
    event.preventDefault();
    move(event.target, step);
  });

  // Pasting
  let last = null; // what the undo of the last paste needs: its line, and each field's value before and after
  const put = (field, value) => {
    field.value = value;
    for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
  };
  const forget = () => {
    if (!last) return;
    for (const { field } of last.changes) field.closest("tbody").classList.remove("pasted");
    last.line.hidden = true;
    last = null;
  };
  const undo = () => {
    const { line, changes } = last;
    forget();
    for (const { field, before, after } of changes) if (field.value === after) put(field, before);
    line.hidden = false;
    line.querySelector("[data-undo]").hidden = true;
    line.querySelector("[role=status]").textContent = line.dataset.undone;
    changes[0]?.field.focus();
  };

  // Each line of the clipboard belongs to one row: by its code where there are two columns, else by its place.
  const placed = (lines, field) => {
    const rows = rowsOf(field);
    const byCode = new Map(rows.map((row) => [codeOf(row), row]));
    const cells = lines.map((line) => line.split("\t"));
    if (cells.some((one) => one.length > 1)) {
      if (!cells.some((one) => byCode.has(one[0].trim().toUpperCase()))) return null;
      return cells.map((one) => [byCode.get(one[0].trim().toUpperCase()), (one[1] || "").trim()]);
    }
    const first = rows.indexOf(field.closest("tbody"));
    return lines.map((line, index) => [rows[first + index], line.trim()]);
  };
  const fill = (pairs) => {
    const counts = { pasted: 0, unread: 0, computed: 0, beyond: 0 };
    const changes = [];
    for (const [row, text] of pairs) {
      if (!text) continue; // a blank cell leaves the answer as it is
      const field = row && fieldOf(row);
      if (!field) {
        counts[row ? "computed" : "beyond"] += 1;
        continue;
      }
      counts.pasted += 1;
      if (!isReadable(field, text)) counts.unread += 1;
      changes.push({ field, before: field.value, after: text });
      put(field, text);
      row.classList.add("pasted");
    }
    return { counts, changes };
  };
  const tell = (line, counts, changes) => {
    const parts = ["pasted", "unread", "computed", "beyond"].filter((name) => name === "pasted" || counts[name]);
    line.hidden = false;
    line.querySelector("[data-undo]").hidden = !changes.length;
    line.querySelector("[role=status]").textContent = parts.map((name) => line.dataset[name].replace("{number}", counts[name])).join(" ");
  };
  form.addEventListener("paste", (event) => {
    const field = event.target;
    if (!field.matches(FIELD)) return;
    const lines = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
    if (lines.length === 1 && !lines[0].includes("\t")) return; // one value is pasted as into any field
    event.preventDefault();
    forget();
    const line = field.closest("section").querySelector("[data-paste]");
    const pairs = placed(lines, field);
    if (!pairs) {
      line.hidden = false;
      line.querySelector("[data-undo]").hidden = true;
      line.querySelector("[role=status]").textContent = line.dataset.wide;
      return;
    }
    const { counts, changes } = fill(pairs);
    tell(line, counts, changes);
    if (changes.length) last = { line, changes, isFresh: true };
  });
  form.addEventListener("input", (event) => {
    if (event.isTrusted && last) last.isFresh = false; // from here Ctrl+Z takes back what was typed
  });
  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-undo]") && last) undo();
  });

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const key = event.key.toLowerCase();
    if (key === "s") {
      event.preventDefault();
      form.requestSubmit();
    } else if (key === "z" && last?.isFresh && !event.target.matches("textarea")) {
      event.preventDefault();
      undo();
    }
  });
})();

// Files of evidence: sent as soon as they are chosen, one after another. Without scripts the form of each question sends one.
(() => {
  const fill = (text, name) => text.replace("{name}", name);

  // Each piece of the answer finds its place by its id, as it does for htmx.
  const put = (markup) => {
    const pieces = new DOMParser().parseFromString(markup, "text/html").querySelectorAll("[hx-swap-oob]");
    for (const piece of pieces) {
      piece.removeAttribute("hx-swap-oob");
      document.getElementById(piece.id)?.replaceWith(piece);
    }
    document.dispatchEvent(new Event("htmx:afterSettle"));
    return pieces.length > 0;
  };

  const send = (box, form, file) => new Promise((resolve) => {
    const status = box.querySelector("[role=status]");
    const bar = box.querySelector("progress");
    const words = status.dataset;
    const say = (text) => { status.textContent = fill(text, file.name); };
    const end = (text, done) => {
      bar.hidden = true;
      say(text);
      resolve(done);
    };
    if (file.size > Number(words.limit) * 1024 * 1024) return end(words.tooLarge, false);
    const body = new FormData(form);
    body.delete("file");
    body.append("file", file);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = (event.loaded / event.total) * 100;
      if (event.loaded === event.total) say(words.checking);
    });
    request.addEventListener("load", () => {
      if (request.status === 401) return end(words.signedOut, false);
      const shown = put(request.responseText);
      if (request.status === 200 && shown) return end(words.added, true);
      return end(shown ? "" : words.unreachable, false);
    });
    request.addEventListener("error", () => end(words.unreachable, false));
    bar.value = 0;
    bar.hidden = false;
    say(words.sending);
    return request.send(body);
  });

  for (const box of document.querySelectorAll("[data-files]")) {
    const field = box.querySelector("input[type=file]");
    if (!field) continue;
    const form = field.form;
    field.multiple = true;
    for (const part of box.querySelectorAll("[data-add]")) part.hidden = true; // what only the form needs
    field.addEventListener("change", async () => {
      const files = [...field.files];
      field.disabled = true;
      for (const file of files) {
        if (!await send(box, form, file)) break; // what is wrong stays to be read
      }
      field.disabled = false;
      field.value = "";
      field.focus();
    });
  }
})();
