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

  /* The theme writes a chosen file's name into a field of its own, which the browser's own field does without: it is told that
     the name is seen to. */
  document.addEventListener("DOMContentLoaded", function () {
    for (const input of document.querySelectorAll("input[type=file]")) input.hasChangeListener = true;
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

  /* Select2 draws a field of its own beside the hidden one and gives it no name; its way to empty a list is no item of the list. */
  function nameChooser(select) {
    const label = select.labels[0];
    const drawn = select.nextElementSibling;
    if (!label || !drawn) return;
    label.id = label.id || select.id + "-name";
    const mend = function () {
      drawn.querySelectorAll("[role=textbox], input").forEach(function (field) {
        field.setAttribute("aria-labelledby", label.id);
      });
      drawn.querySelectorAll("ul > .select2-selection__clear").forEach(function (mark) { mark.remove(); });
    };
    mend();
    new MutationObserver(mend).observe(drawn, { childList: true, subtree: true });
    const single = drawn.querySelector(".select2-selection--single");
    if (single) single.setAttribute("aria-labelledby", label.id + " select2-" + select.id + "-container");
  }

  /* It draws when jQuery is ready, which may be after the window is; whatever waits for jQuery is run in turn. */
  window.addEventListener("load", function () {
    if (!window.django || !window.django.jQuery) return;
    window.django.jQuery(function () {
      document.querySelectorAll("select.select2-hidden-accessible").forEach(nameChooser);
    });
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
