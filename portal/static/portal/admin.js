/* The bureau's pages: nothing that somebody typed is lost, nothing is sent twice. */
(function () {
  "use strict";

  /* A refusal (409, 422) comes back as the fragment that shows what was typed. */
  document.addEventListener("htmx:beforeSwap", function (event) {
    if ([400, 403, 409, 422].includes(event.detail.xhr.status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  function isTyped() {
    return Array.from(document.querySelectorAll("form[data-typed] textarea")).some(function (area) {
      return area.hasAttribute("data-changed") || area.value !== area.defaultValue;
    });
  }

  let leavingByForm = false;
  window.addEventListener("beforeunload", function (event) {
    if (!leavingByForm && isTyped()) {
      event.preventDefault();
    }
  });

  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.hasAttribute("data-typed")) {
      leavingByForm = !form.hasAttribute("hx-post");
    }
    if (form.hasAttribute("data-once")) {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "1";
    }
  });

  /* Back from the history: the forms can be sent again. */
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
    });
  });

  /* The arrows move between the boxes of a table, as between the cells of a sheet. */
  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  document.addEventListener("keydown", function (event) {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || !event.target.matches("[data-picks] input")) {
      return;
    }
    event.preventDefault();
    const row = event.target.closest("tr"), cell = event.target.closest("td");
    const next = row.parentElement.rows[row.sectionRowIndex + step[0]];
    const box = next && next.cells[cell.cellIndex + step[1]]?.querySelector("input:not(:disabled)");
    if (box) {
      box.focus();
    }
  });
})();
