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
    "corrected.txt": "Corrected list", "references.csv": "Table (CSV)", "references.xlsx": "Table (Excel)", "report.json": "Data (JSON)",
  };

  const folder = document.getElementById("folder");

  // Each refusal is a line of its own and names the file, so that of thirty files one sees which is meant.
  function complain(sentence) {
    const line = document.createElement("li");
    line.textContent = sentence;
    problem.append(line);
    problem.hidden = false;
  }

  async function answer(response) {
    const told = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(told.problem || `the page answered ${response.status}`);
    return told;
  }

  async function send(body, name) {
    submit.disabled = true;
    try {
      const headers = { "Content-Type": "application/octet-stream", "X-Refcheck-Name": encodeURIComponent(name) };
      const told = await answer(await fetch("checks", { method: "POST", headers, body }));
      follow(told.id);
    } catch (e) {
      complain(name === "pasted.md" ? e.message : `${name}: ${e.message}`);
    } finally {
      submit.disabled = false;
    }
  }

  function state(told) {
    switch (told.state) {
      case "waiting": return "Waiting …";
      case "running": return told.total ? `${told.done} of ${told.total} references checked` : "Reading …";
      case "failed": return told.problem;
      case "cancelled": return "Cancelled.";
      default: return `${told.head} ${told.tally}.`;
    }
  }

  async function follow(id) {
    const card = template.content.cloneNode(true).firstElementChild;
    const [name, line, bar, files] = ["h2", ".state", "progress", ".files"].map((s) => card.querySelector(s));
    checks.prepend(card);
    const cancel = card.querySelector(".cancel");
    cancel.addEventListener("click", async () => {
      await fetch(`checks/${id}`, { method: "DELETE" }).catch(() => {});
      if (cancel.textContent === "Forget") card.remove();
    });
    for (;;) {
      let told;
      try {
        told = await answer(await fetch(`checks/${id}`));
      } catch (e) {
        line.textContent = `The page no longer answers (${e.message}).`;
        return;
      }
      name.textContent = told.name;
      cancel.setAttribute("aria-label", `${cancel.textContent} ${told.name}`);
      line.textContent = state(told);
      bar.max = told.total || 1;
      bar.value = told.done;
      if (["done", "failed", "cancelled"].includes(told.state)) {
        bar.hidden = true;
        cancel.textContent = "Forget";
        cancel.setAttribute("aria-label", `Forget ${told.name}`);
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

  async function sendAll(files) {
    problem.replaceChildren();
    problem.hidden = true;
    for (const one of files) {
      if (one.name.startsWith(".") || one.name.startsWith("~$")) continue;  // hidden files, and Word's lock files
      await send(one, one.webkitRelativePath || one.name);
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = [...file.files, ...folder.files];
    file.value = "";
    folder.value = "";
    if (chosen.length) {
      await sendAll(chosen);
    } else {
      problem.replaceChildren();
      problem.hidden = true;
      await send(text.value, "pasted.md");
    }
  });

  function inside(entry) {
    if (entry.isFile) return new Promise((take) => entry.file((f) => take([f]), () => take([])));
    const reader = entry.createReader();
    return new Promise((take) => {
      const found = [];
      const more = () => reader.readEntries(async (some) => {
        if (!some.length) return take((await Promise.all(found.map(inside))).flat());
        found.push(...some);
        more();
      }, () => take([]));
      more();
    });
  }

  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    const entries = [...event.dataTransfer.items].map((i) => i.webkitGetAsEntry && i.webkitGetAsEntry()).filter(Boolean);
    const dropped = [...event.dataTransfer.files];
    await sendAll(entries.length ? (await Promise.all(entries.map(inside))).flat() : dropped);
  });

  // What was checked before is still there after a reload.
  fetch("checks").then(answer).then((told) => { for (const check of told.checks) follow(check.id); }).catch(() => {});
})();
