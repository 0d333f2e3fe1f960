// A form marked data-once is sent once: a second click waits for the answer of the first.
"use strict";
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-disabled", "true");
});
// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-once]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  }
});

// A form marked data-progress shows how far its file has been sent. Without scripts it is sent as any other.
function sendsWithProgress(form) {
  const box = form.querySelector("[data-upload]");

  function say(kind) {
    const line = box.querySelector("[role=status]");
    line.textContent = line.dataset[kind] || "";
  }

  function again() {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  }

  // A refusal comes as the page itself: what it says is put above the form that is here.
  function refuse(text) {
    const answer = new DOMParser().parseFromString(text, "text/html");
    const refusal = answer.querySelector("main .callout-bad");
    if (!refusal) {
      say("failed");
    } else {
      say("none");
      box.querySelector("progress").hidden = true;
      for (const old of form.querySelectorAll(".callout-bad")) old.remove();
      form.prepend(document.importNode(refusal, true));
    }
    again();
  }

  function send() {
    const progress = box.querySelector("progress");
    const request = new XMLHttpRequest();
    box.hidden = progress.hidden = false;
    say("sending");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress.value = Math.round((event.loaded / event.total) * 100);
    });
    request.upload.addEventListener("load", () => say("reading"));
    request.addEventListener("error", () => {
      say("failed");
      again();
    });
    request.addEventListener("load", () => {
      const here = new URL(form.action, window.location.href).href;
      if (request.status === 200 && request.responseURL !== here) window.location.assign(request.responseURL);
      else refuse(request.responseText);
    });
    request.open("POST", form.action);
    request.send(new FormData(form));
  }

  // This listener comes before the document's: a form that is on its way is stopped there.
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return;
    event.preventDefault();
    form.dataset.sent = "yes";
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
    send();
  });
}
for (const form of document.querySelectorAll("form[data-progress]")) sendsWithProgress(form);
// On a narrow screen the menu scrolls sideways: the page that is open stands in it.
const open = document.querySelector(".top nav [aria-current]");
if (open) {
  const menu = open.closest("nav");
  menu.scrollLeft = open.offsetLeft - (menu.clientWidth - open.offsetWidth) / 2;
}
