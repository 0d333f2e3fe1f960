// Shows how far a workbook has been sent. Without this script the form is sent as any other.
"use strict";
const form = document.querySelector("form[data-progress]");
const box = form && form.querySelector("[data-upload]");

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

// After the script that lets a form be sent once: what that one stopped is not sent here either.
if (form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return;
    event.preventDefault();
    form.dataset.sent = "yes";
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
    send();
  });
}
