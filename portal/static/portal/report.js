// The rail of a report: folded on a narrow screen, and pointing at the section that is being read.
"use strict";
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
