// Keeps the lecturer's counts fresh.
"use strict";

(() => {
  const counts = document.getElementById("counts");
  const trouble = document.getElementById("trouble");

  const refresh = async () => {
    try {
      const reply = await fetch(counts.dataset.source, { cache: "no-store" });
      if (!reply.ok) throw new Error(String(reply.status));
      const found = await reply.json();
      for (const cell of document.querySelectorAll("[data-count]")) {
        cell.textContent = found[cell.dataset.count];
      }
      for (const row of found.answered) {
        const cell = document.querySelector(`[data-question="${CSS.escape(row.question)}"]`);
        if (cell) cell.textContent = row.count;
      }
      trouble.textContent = found.problem;
    } catch {
      trouble.textContent = "The server cannot be reached; the counts are old.";
    }
    trouble.hidden = !trouble.textContent;
  };

  setInterval(() => { if (document.visibilityState === "visible") refresh(); }, 3000);
})();
