"use strict";
(() => {
  const tools = document.getElementById("tools");
  const search = document.getElementById("search");
  const group = document.getElementById("group");
  const shown = document.getElementById("shown");
  const articles = [...document.querySelectorAll("article[data-group]")];
  const sections = [...document.querySelectorAll("main section[data-group]")];
  const words = new Map(articles.map((a) => [a, a.textContent.toLowerCase()]));

  function filter() {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const article of articles) {
      const text = words.get(article);
      const fits = (group.value === "" || article.dataset.group === group.value) && wanted.every((w) => text.includes(w));
      article.hidden = !fits;
      count += fits ? 1 : 0;
    }
    for (const section of sections) {
      section.hidden = !section.querySelector("article[data-group]:not([hidden])");
    }
    if (group.value || wanted.length) {
      for (const folded of document.querySelectorAll("main section details:not(.queries)")) folded.open = true;
    }
    shown.textContent = count === articles.length ? `${count} shown` : `${count} of ${articles.length} shown`;
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      area.setAttribute("aria-hidden", "true");
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  }

  const said = document.getElementById("said");
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    const name = button.textContent;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      const done = await copy(source.textContent);
      button.textContent = done ? "Copied" : "Not copied";
      said.textContent = done ? "Query copied" : "The query could not be copied";
      setTimeout(() => { button.textContent = name; }, 2000);
    });
  }

  // A link from the picture of the list leads to its entry even where the filter hides it.
  function reach() {
    const target = document.getElementById(location.hash.slice(1));
    const folded = target && target.closest("details");
    if (folded && !folded.open) {
      folded.open = true;
      target.scrollIntoView();
    }
    if (target && (target.hidden || target.closest("[hidden]"))) {
      search.value = "";
      group.value = "";
      filter();
      target.scrollIntoView();
    }
  }
  window.addEventListener("hashchange", reach);

  tools.hidden = false;
  search.addEventListener("input", filter);
  group.addEventListener("change", filter);
  filter();
  reach();
})();
