"use strict";
(() => {
  const form = document.getElementById("form");
  const text = document.getElementById("text");
  const file = document.getElementById("file");
  const drop = document.getElementById("drop");
  const problem = document.getElementById("problem");
  const submit = document.getElementById("submit");
  const checks = document.getElementById("checks");
  const template = document.getElementById("check");

  const LABELS = {
    "report.html": "Open the report", "annotated.docx": "Word file with comments", "queries.txt": "Author queries",
    "corrected.txt": "Corrected list", "references.csv": "Table (CSV)", "report.json": "Data (JSON)",
  };

  function complain(sentence) {
    problem.textContent = sentence;
    problem.hidden = !sentence;
  }

  async function answer(response) {
    const told = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(told.problem || `the page answered ${response.status}`);
    return told;
  }

  async function send(body, name) {
    complain("");
    submit.disabled = true;
    try {
      const headers = { "Content-Type": "application/octet-stream", "X-Refcheck-Name": encodeURIComponent(name) };
      const told = await answer(await fetch("checks", { method: "POST", headers, body }));
      follow(told.id);
    } catch (e) {
      complain(e.message);
    } finally {
      submit.disabled = false;
    }
  }

  function state(told) {
    switch (told.state) {
      case "waiting": return "Waiting …";
      case "running": return told.total ? `${told.done} of ${told.total} references checked` : "Reading …";
      case "failed": return told.problem;
      default: return `${told.head} ${told.tally}.`;
    }
  }

  async function follow(id) {
    const card = template.content.cloneNode(true).firstElementChild;
    const [name, line, bar, files] = ["h2", ".state", "progress", ".files"].map((s) => card.querySelector(s));
    checks.prepend(card);
    for (;;) {
      let told;
      try {
        told = await answer(await fetch(`checks/${id}`));
      } catch (e) {
        line.textContent = `The page no longer answers (${e.message}).`;
        return;
      }
      name.textContent = told.name;
      line.textContent = state(told);
      bar.max = told.total || 1;
      bar.value = told.done;
      if (told.state === "done" || told.state === "failed") {
        bar.hidden = true;
        line.classList.toggle("failed", told.state === "failed" || told.complete === false);
        for (const f of told.files || []) {
          const link = document.createElement("a");
          link.href = `checks/${id}/${f}`;
          link.textContent = LABELS[f] || f;
          if (f === "report.html") link.target = "_blank";
          files.append(link);
        }
        return;
      }
      await new Promise((wake) => setTimeout(wake, 400));
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (file.files.length) {
      send(file.files[0], file.files[0].name);
      file.value = "";
    } else {
      send(text.value, "pasted.md");
    }
  });

  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    for (const dropped of event.dataTransfer.files) send(dropped, dropped.name);
  });
})();
