/* The luisterlab in the browser: a slider over the turns, replay per turn, and marks that are saved one by one.

   Everything here is extra: without it the browser's own controls play the sound and one form saves all marks.
   Marks also stay in that form, so whatever a small post couldn't save still goes along with "Leg naast de experts". */
(function () {
  "use strict";
  if (window.TussenruimteFragment) return;
  window.TussenruimteFragment = true;

  const clock = (t) => `${Math.floor(t / 60)}:${String(Math.floor(t % 60)).padStart(2, "0")}`;
  const fill = (text, words) => text.replace(/\{(\w+)\}/g, (_, name) => words[name]);

  function player(root) {
    const box = root.querySelector("[data-speler]");
    if (!box) return;
    const word = (name) => box.getAttribute("data-word-" + name);
    const audio = box.querySelector("audio");
    const button = box.querySelector("[data-speel]");
    const slider = box.querySelector("[data-tijd]");
    const turns = [...root.querySelectorAll("[data-beurt]")].map((row) => ({
      row, start: Number(row.dataset.start), end: Number(row.dataset.eind),
      wave: box.querySelector(`[data-golf="${CSS.escape(row.dataset.beurt)}"]`),
    }));
    let until = Infinity; // where a replayed turn stops
    let spoken = null;

    audio.controls = false;
    box.querySelector(".speler__bediening").hidden = false;

    const at = (time) => turns.findLast((turn) => turn.start <= time) ?? turns[0];

    function show() {
      const time = audio.currentTime;
      const now = at(time);
      slider.value = time;
      slider.setAttribute("aria-valuetext",
        fill(word("waar"), { tijd: clock(time), n: now.row.dataset.n, naam: now.row.dataset.naam }));
      box.querySelector("[data-nu]").textContent = clock(time);
      const speaking = audio.paused ? null : now;
      if (speaking !== spoken) {
        spoken?.row.classList.remove("beurt-rij--klinkt");
        speaking?.row.classList.add("beurt-rij--klinkt");
        spoken = speaking;
      }
      for (const turn of turns) {
        turn.wave?.setAttribute("class", turn === now ? "golf-nu" : turn.end <= time ? "golf-was" : "golf-straks");
      }
    }

    function play(from, to) {
      if (from !== undefined) audio.currentTime = from;
      until = to ?? Infinity;
      audio.play().catch(() => {}); // what is wrong with the sound comes as an error event
    }

    audio.addEventListener("timeupdate", () => {
      if (audio.currentTime >= until) { audio.pause(); until = Infinity; }
      show();
    });
    for (const event of ["play", "pause", "ended"]) {
      audio.addEventListener(event, () => {
        button.querySelector("span").textContent = word(audio.paused ? "speel" : "pauze");
        button.classList.toggle("speler__knop--speelt", !audio.paused);
        show();
      });
    }
    const broken = () => { box.querySelector("[data-geluid-stand]").textContent = word("kapot"); };
    audio.addEventListener("error", broken);
    audio.querySelector("source:last-of-type")?.addEventListener("error", broken);
    button.addEventListener("click", () => (audio.paused ? play() : audio.pause()));
    slider.addEventListener("input", () => { until = Infinity; audio.currentTime = Number(slider.value); show(); });
    box.querySelector("[data-snelheid]").addEventListener("change", (event) => {
      audio.playbackRate = Number(event.target.value);
    });
    for (const { row, start, end } of turns) {
      const replay = row.querySelector("[data-hoor]");
      replay.hidden = false;
      replay.addEventListener("click", () => play(start, end));
    }
  }

  function marking(root) {
    const form = root.querySelector("[data-merken]");
    if (!form) return;
    const rows = [...form.querySelectorAll("[data-beurt]")];
    const line = root.querySelector("[data-stand]");
    const reveal = form.querySelector("[data-onthul]");
    const unsaved = new Set(); // names of turns
    let running = false, timer = 0, tries = 0, arrows = false;

    const field = (turn, name) => form.elements[`${name}-${turn}`];
    const chosen = () => rows.filter((row) => field(row.dataset.beurt, "merk").value).length;

    function stand(extra) {
      line.textContent = fill(line.dataset.wordStand, { n: chosen() }) + (extra ? `, ${extra}` : "");
      if (chosen() >= Number(form.dataset.nodig)) reveal.removeAttribute("aria-disabled");
    }

    async function save() {
      clearTimeout(timer);
      if (running) return;
      running = true;
      let failed = false;
      for (const turn of [...unsaved]) {
        const code = field(turn, "merk").value;
        try {
          const csrf = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/); // only Open edX and the workbench ask
          const response = await fetch(form.dataset.merken, {
            method: "POST",
            headers: { "X-Fragment": "1", ...(csrf && { "X-CSRFToken": csrf[1] }) },
            body: new URLSearchParams({ beurt: turn, merk: code }),
            signal: AbortSignal.timeout(15_000),
          });
          if (!response.ok) throw new Error(response.status);
          field(turn, "was").value = code;
          if (field(turn, "merk").value === code) unsaved.delete(turn);
          tries = 0;
        } catch { failed = true; break; }
      }
      running = false;
      if (!form.isConnected) return; // revealed meanwhile: the form took these marks along
      stand(line.dataset[failed ? "wordWacht" : "wordBewaard"]);
      if (unsaved.size) timer = setTimeout(save, failed ? Math.min(60_000, 2000 * 2 ** tries++) : 0);
    }

    function advance(row) {
      const open = (other) => !field(other.dataset.beurt, "merk").value;
      const next = rows.slice(rows.indexOf(row) + 1).find(open) ?? rows.find(open);
      row.querySelector("details").open = false;
      if (!next) { reveal.focus(); return; }
      next.querySelector("details").open = true;
      next.querySelector("input[type=radio]").focus({ preventScroll: true });
      next.scrollIntoView({ block: "nearest" });
    }

    function marked(row) {
      const radio = row.querySelector("input:checked");
      const words = row.querySelector("[data-merk]");
      words.textContent = fill(words.dataset.wordMerk, {
        merk: `${radio.value} ${radio.closest("label").querySelector("span").textContent}`,
      });
      unsaved.add(row.dataset.beurt);
      stand();
      save();
    }

    root.querySelector("[data-toetsuitleg]").hidden = false;
    form.addEventListener("pointerdown", () => { arrows = false; });
    form.addEventListener("keydown", (event) => {
      arrows = event.key.startsWith("Arrow"); // walking through the palette chooses, but doesn't go on
      const palette = event.target.closest(".palet"); // single keys only with the focus inside (WCAG 2.1.4)
      if (!palette || event.ctrlKey || event.metaKey || event.altKey) return;
      const row = palette.closest("[data-beurt]");
      const radio = palette.querySelector(`[data-toets="${CSS.escape(event.key.toLowerCase())}"]`);
      if (radio) {
        event.preventDefault();
        radio.checked = true;
        marked(row);
        advance(row);
      } else if (event.key === "Enter") {
        event.preventDefault(); // would press the first button of the form
        if (palette.querySelector("input:checked")) advance(row);
      }
    });
    form.addEventListener("change", (event) => {
      const row = event.target.closest("[data-beurt]");
      marked(row);
      if (!arrows) advance(row);
    });
    window.addEventListener("online", () => { tries = 0; if (unsaved.size && form.isConnected) save(); });
    window.addEventListener("beforeunload", (event) => {
      if (unsaved.size && form.isConnected) event.preventDefault();
    });
  }

  function start(root) {
    if (root.getAttribute("data-activity") !== "dialoguefragment" || root.querySelector("[data-lab-klaar]")) return;
    root.firstElementChild?.setAttribute("data-lab-klaar", "");
    player(root);
    marking(root);
  }

  document.addEventListener("activity:drawn", (event) => start(event.target));
  // activity.js may have drawn before this script came in.
  document.querySelectorAll("[data-activity=dialoguefragment]").forEach(start);
})();
