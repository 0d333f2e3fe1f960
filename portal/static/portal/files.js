// Files of evidence: sent as soon as they are chosen, one after another. Without scripts the form of each question sends one.
"use strict";
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
