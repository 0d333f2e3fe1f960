/* The editor of a definition version. Every move is a form of the page; here it is sent without leaving the page, and rows can be dragged. */
(function () {
  "use strict";

  const byId = function (id) { return document.getElementById(id); };

  /* The page that answers a move stands for the one that is shown: the outline with its new order, or the refusal. */
  function replace(text, focus) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const editor = page.getElementById("editor");
    if (!editor) {
      window.location.reload();
      return;
    }
    const said = editor.querySelector("[data-said]").textContent;
    const refusal = editor.querySelector("[role=alert]");
    const status = document.querySelector("[data-said]");
    const top = topOf(focus);
    editor.querySelector("[data-said]").replaceWith(status);
    byId("editor").replaceChildren(...editor.childNodes);
    status.textContent = refusal ? "" : said;
    if (refusal) {
      refusal.tabIndex = -1;
      refusal.focus();
    } else {
      window.scrollBy(0, topOf(focus) - top); // a hand that presses again finds the button where it was
      focusOn(focus);
    }
  }

  function topOf(id) {
    const button = byId(id);
    return button ? button.getBoundingClientRect().top : 0;
  }

  /* The button that was pressed, or its twin where it stands at the end now. */
  function focusOn(id) {
    const button = byId(id);
    if (!button) return;
    const twin = byId(id.startsWith("up-") ? id.replace("up-", "down-") : id.replace("down-", "up-"));
    const place = button.disabled ? twin : button;
    place.focus({ preventScroll: true });
    (button.closest("[data-question], [data-section]") || button).scrollIntoView({ block: "nearest" });
  }

  let moving = false;
  function send(url, values, focus) {
    if (moving) return;
    moving = true;
    const body = new FormData(byId("moves"));
    Object.entries(values).forEach(function (pair) { body.set(pair[0], pair[1]); });
    fetch(url, { method: "POST", body: body, credentials: "same-origin" })
      .then(function (response) { return response.text(); })
      .then(function (text) { replace(text, focus); })
      .catch(function () { window.location.reload(); })
      .finally(function () { moving = false; });
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-move]");
    if (button && window.fetch) {
      event.preventDefault();
      const focus = button.value === "section" ? "up" + button.getAttribute("formaction").replace(/^.*\/(\w+)\/(\d+)\/move\/$/, "-$1-$2") : button.id;
      send(button.getAttribute("formaction"), { to: button.value }, focus);
    }
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("keydown", function (event) {
    const menu = event.key === "Escape" && event.target.closest("details[data-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  /* Dragging: by the grip, on which a mouse alone has something to do. */
  let dragged = null;

  function target(event) {
    if (!dragged) return null;
    if (dragged.matches("[data-section]")) {
      const section = event.target.closest("[data-section]");
      return section && section !== dragged ? { row: section, list: section.parentElement } : null;
    }
    const row = event.target.closest("[data-question]");
    if (row) return row === dragged ? null : { row: row, list: row.parentElement };
    const section = event.target.closest("[data-section]");
    return section ? { row: null, list: section.querySelector("[data-questions]") } : null;
  }

  function isBelow(event, row) {
    const box = row.getBoundingClientRect();
    return event.clientY > box.top + box.height / 2;
  }

  function unmark() {
    document.querySelectorAll("[data-drop]").forEach(function (row) { row.removeAttribute("data-drop"); });
  }

  document.addEventListener("dragstart", function (event) {
    const grip = event.target.closest && event.target.closest("[data-grip]");
    if (!grip) return;
    dragged = grip.closest("[data-" + grip.dataset.grip + "]");
    dragged.classList.add("editor-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.id);
    event.dataTransfer.setDragImage(dragged, 8, 8);
  });

  document.addEventListener("dragover", function (event) {
    const over = target(event);
    unmark();
    if (!over) return;
    event.preventDefault();
    (over.row || over.list).setAttribute("data-drop", over.row ? (isBelow(event, over.row) ? "after" : "before") : "inside");
  });

  document.addEventListener("drop", function (event) {
    const over = target(event);
    if (!over) return;
    event.preventDefault();
    const kind = dragged.dataset.section ? "section" : "question";
    const moved = dragged.dataset[kind];
    const following = over.row && (isBelow(event, over.row) ? next(over.row, kind) : over.row);
    const url = byId("up-" + kind + "-" + moved).getAttribute("formaction");
    const values = { to: "place", before: following ? following.dataset[kind] : "" };
    if (kind === "question") values.section = over.list.dataset.questions;
    if (following !== dragged) send(url, values, "up-" + kind + "-" + moved);
  });

  function next(row, kind) {
    let other = row.nextElementSibling;
    while (other && !other.dataset[kind]) other = other.nextElementSibling;
    return other;
  }

  document.addEventListener("dragend", function () {
    unmark();
    if (dragged) dragged.classList.remove("editor-dragged");
    dragged = null;
  });

  /* The form of a question: the fields that do not belong to its kind are put away. */
  const kind = document.querySelector("[data-part] select[name=kind]");
  const fields = document.querySelectorAll("[data-part] [data-kinds]");
  function sort() {
    fields.forEach(function (field) { field.hidden = !field.dataset.kinds.split(" ").includes(kind.value); });
  }
  if (kind && fields.length) {
    kind.addEventListener("change", sort);
    sort();
  }

  /* The form of a rule: a code is put where the text was last. */
  document.addEventListener("click", function (event) {
    const code = event.target.closest("[data-code]");
    const text = document.querySelector("[data-expression], [data-part] textarea[name=codes]");
    if (!code || !text) return;
    const lines = text.name === "codes";
    const before = text.value.slice(0, text.selectionStart), after = text.value.slice(text.selectionEnd);
    const gap = before && !/[\s(]$/.test(before) ? (lines ? "\n" : " ") : "";
    text.value = before + gap + code.dataset.code + after;
    text.focus();
    text.selectionStart = text.selectionEnd = before.length + gap.length + code.dataset.code.length;
  });
})();
