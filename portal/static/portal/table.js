// The statistics table as a spreadsheet: arrows and Enter move, a column is pasted downwards, one step takes it back.
// Whatever is pasted reaches the server as if it were typed: by the autosave of each question.
"use strict";
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
      if (!isNumber(text)) counts.unread += 1;
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
