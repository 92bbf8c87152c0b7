// Saves while the student works, counts the time down, and tells what went wrong.
// Without it the page works too: its buttons send the same form.
"use strict";

(() => {
  const form = document.getElementById("test");
  const timer = document.getElementById("timer");
  const state = document.getElementById("state");
  const spoken = document.getElementById("spoken");
  const DIRTY = "?";
  const dirty = new Map(); // place -> how often it changed; sent when the server has the last change
  let pause = null;
  let isSending = false;
  let waits = 2000;
  let isOver = false;

  const say = (text) => { spoken.textContent = text; };
  const show = (text) => {
    state.textContent = text;
    state.hidden = !text;
  };

  // The clock. Where the server says how much is left it is right; between it counts by itself.

  let endsAt = null;
  const told = new Set();
  const setLeft = (seconds) => {
    endsAt = seconds === null ? null : Date.now() + seconds * 1000;
  };

  const tell = (left) => {
    for (const minutes of [5, 1]) {
      if (left <= minutes * 60 && left > minutes * 60 - 5 && !told.has(minutes)) {
        told.add(minutes);
        say(minutes === 1 ? "1 minute left." : `${minutes} minutes left.`);
      }
      if (left > minutes * 60 + 5) told.delete(minutes); // the test was extended
    }
  };

  const tick = () => {
    if (endsAt === null || !timer || isOver) return;
    const left = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
    timer.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    timer.parentElement.classList.toggle("few", left <= 60);
    tell(left);
    if (left <= 0) end();
  };

  const askLeft = async () => {
    try {
      const reply = await fetch("/left", { cache: "no-store" });
      if (!reply.ok) return null;
      const found = await reply.json();
      if (found.is_running) setLeft(found.left_s);
      return found;
    } catch {
      return null;
    }
  };

  const end = async () => {
    isOver = true;
    const found = await askLeft(); // the lecturer may have given more time
    if (found && found.is_running && found.left_s > 0) {
      isOver = false;
      if (form) send();
      return;
    }
    if (form && found && found.is_running) {
      const last = document.createElement("input");
      Object.assign(last, { type: "hidden", name: "do", value: "submit" });
      form.append(last);
      form.submit();
    } else if (found) {
      location.assign("/test");
    } else {
      show("Time is up. What was saved counts; the server cannot be reached now.");
    }
  };

  if (timer) {
    setLeft(Number(timer.dataset.left));
    setInterval(tick, 500);
    setInterval(askLeft, 60000);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && !isOver) askLeft();
    });
  }
  if (!form) return;

  // Saving: one request at a time, so that answers arrive in the order in which they were given.

  const boxOf = (place) => form.querySelector(`fieldset[data-place="${place}"]`);

  const fieldsOf = (places) => {
    const fields = new URLSearchParams();
    for (const place of places) {
      for (const field of boxOf(place).elements) {
        const isOff = ["radio", "checkbox"].includes(field.type) && !field.checked;
        if (field.name && !isOff) fields.append(field.name, field.value);
      }
    }
    return fields;
  };

  const settle = (sent, found) => {
    for (const [place, count] of sent) {
      document.getElementById(`saved${place}`).textContent = "Saved.";
      const read = document.getElementById(`read${place}`);
      if (read) read.textContent = found.read[place];
      if (dirty.get(place) !== count) continue; // it changed again meanwhile
      dirty.delete(place);
      form.elements[`was${place}`].value = found.was[place];
    }
  };

  const send = async () => {
    clearTimeout(pause);
    pause = null;
    if (isSending || isOver || !dirty.size) return;
    isSending = true;
    const sent = new Map(dirty);
    let again = 0;
    try {
      const reply = await fetch("/save", { method: "POST", body: fieldsOf(sent.keys()) });
      const found = await reply.json();
      if (reply.ok) {
        settle(sent, found);
        if (found.left_s !== null) setLeft(found.left_s);
        if (!state.hidden) say("All answers are saved again.");
        show("");
        waits = 2000;
      } else if (reply.status === 429 || reply.status >= 500) {
        again = waits;
      } else {
        isOver = true;
        show(`${found.problem} What you changed last was not saved.`);
        say(state.textContent);
      }
    } catch {
      again = waits;
    }
    isSending = false;
    if (again) {
      if (state.hidden) say("Not saved yet; trying again.");
      show("Not saved yet: the server cannot be reached. Trying again; keep this page open.");
      waits = Math.min(waits * 2, 20000);
    }
    if (dirty.size && !isOver) pause = setTimeout(send, again);
  };

  const note = (field, delay) => {
    const box = field.closest("fieldset[data-place]");
    if (!box) return;
    const place = box.dataset.place;
    dirty.set(place, (dirty.get(place) || 0) + 1);
    form.elements[`was${place}`].value = DIRTY;
    document.getElementById(`saved${place}`).textContent = "";
    const clear = box.querySelector(".clear");
    if (clear) clear.hidden = !box.querySelector(":checked");
    if (pause) clearTimeout(pause);
    pause = setTimeout(send, delay);
  };

  form.addEventListener("input", (event) => note(event.target, event.target.type === "text" ? 700 : 50));
  form.addEventListener("submit", () => { isOver = true; }); // the form takes all with it

  for (const button of form.querySelectorAll(".clear")) {
    const box = button.closest("fieldset");
    button.hidden = !box.querySelector(":checked");
    button.addEventListener("click", () => {
      const chosen = box.querySelector(":checked");
      if (!chosen) return;
      chosen.checked = false;
      chosen.focus();
      note(chosen, 50);
    });
  }

  addEventListener("online", send);
  addEventListener("pagehide", () => {
    if (dirty.size && !isOver) navigator.sendBeacon("/save", fieldsOf(dirty.keys()));
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload(); // an old picture of the page
  });
})();
