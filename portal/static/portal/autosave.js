// Autosave of a report. htmx sends each question when it changes; this file keeps account of what is saved and what is not.
// An answer counts as saved only where the response carries the Portal-Saved header.
"use strict";
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
