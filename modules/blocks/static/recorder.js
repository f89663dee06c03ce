/* Saying it instead of writing it: makes the recorder of templates/opname.html work.

   What was recorded is put in the form's own file field, so whatever sends the form (activity.js, which tries again
   after a lost connection, the journal's own page, the browser) sends it along; nothing is kept anywhere but in this
   page. A recorder that is drawn anew goes on where it was, unless its form was taken.

   Words are attributes of the [data-recorder]: data-word-*. A form that is on its way has aria-busy on its activity;
   `data-kept` on a form, or on the recorder, says that it was kept and may be left.

   Who takes care of what is recorded by itself (learning/static/files/upload.js) hears it from the [data-recorder]:
   recorder:begun {type}, recorder:chunk {blob} each second, recorder:file {file, spoken} and recorder:gone. */
(function () {
  "use strict";
  if (window.TussenruimteRecorder) return; // each block asks for this script
  window.TussenruimteRecorder = true;

  const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
  const BITS = 32_000; // a second: a voice needs no more
  const SOON = [60, 30, 10]; // seconds left that are said aloud
  const SILENCE = 4_000; // ms of nothing before we ask whether the microphone is on
  const CALM = matchMedia("(prefers-reduced-motion: reduce)");
  const able = Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder && window.DataTransfer);
  const type = able ? TYPES.find((each) => MediaRecorder.isTypeSupported(each)) ?? "" : "";
  const desks = new Map(); // the activity, or the form outside one → Desk

  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  const homeOf = (element) => element.closest("[data-activity]") ?? element.closest("form");

  class Desk {
    constructor(home) {
      this.home = home;
      this.clear();
    }

    clear() {
      this.state = "empty"; // → asking → recording ⇄ paused → ready
      this.file = null;
      this.url && URL.revokeObjectURL(this.url);
      this.url = "";
    }

    part(name) { return this.element.querySelector(`[data-recorder-${name}]`); }
    get input() { return this.element.querySelector("input[type=file]"); }
    get form() { return this.element.closest("form"); }
    get busy() { return Boolean(this.home.closest("[aria-busy=true]") ?? this.form.querySelector("[aria-busy=true]")); }
    get running() { return this.state === "recording" || this.state === "paused"; }
    get unsent() { return this.element.isConnected && !this.form.hasAttribute("data-kept") && !this.element.hasAttribute("data-kept") && (this.running || this.state === "ready"); }

    /* The recorder as it is on the page now. */
    attach(element) {
      if (this.element === element) return;
      this.element = element;
      this.part("desk").hidden = !able;
      const press = (name, does) => this.part(name).addEventListener("click", () => { if (!this.busy) does(); });
      press("start", () => this.start());
      press("again", () => this.start());
      press("stop", () => this.stop());
      press("pause", () => this.pause());
      press("resume", () => this.resume());
      press("forget", () => { this.forget(); this.say("forgotten"); this.focus("start"); });
      this.input.addEventListener("change", () => this.choose());
      if (this.file) this.put();
      else if (this.input.files.length) this.choose();
      this.show();
    }

    /* --- recording */

    async start() {
      if (this.state === "asking" || this.running) return;
      const before = this.state;
      this.state = "asking";
      this.say("asking");
      try {
        this.stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
      } catch (problem) {
        this.state = before;
        this.say(reason(problem));
        this.show();
        return;
      }
      this.clear();
      this.input.value = "";
      this.chunks = [];
      this.taken = 0; // ms, without what was paused
      this.said = new Set();
      this.recorder = new MediaRecorder(this.stream, { ...(type && { mimeType: type }), audioBitsPerSecond: BITS });
      this.recorder.addEventListener("dataavailable", (event) => {
        if (!event.data.size || !this.running) return;
        this.chunks.push(event.data);
        this.tell("chunk", { blob: event.data });
      });
      this.recorder.addEventListener("stop", () => this.finish());
      this.recorder.addEventListener("error", () => this.stop());
      this.stream.getAudioTracks()[0]?.addEventListener("ended", () => this.stop()); // the microphone was pulled out
      this.recorder.start(1000);
      this.state = "recording";
      this.tell("begun", { type: this.recorder.mimeType || type });
      this.since = this.heard = performance.now();
      this.listen();
      this.ticking = setInterval(() => this.tick(), 250);
      this.say("started");
      this.show();
      this.focus("stop");
    }

    pause() {
      if (this.state !== "recording") return;
      this.taken = this.elapsed;
      this.recorder.pause();
      this.state = "paused";
      this.say("paused");
      this.show();
      this.focus("resume");
    }

    resume() {
      if (this.state !== "paused") return;
      this.recorder.resume();
      this.since = this.heard = performance.now();
      this.state = "recording";
      this.say("resumed");
      this.show();
      this.focus("pause");
    }

    stop(full = false) {
      if (!this.running) return;
      this.taken = this.elapsed;
      this.full = full;
      if (this.recorder.state === "inactive") this.finish();
      else this.recorder.stop();
    }

    get elapsed() { return this.taken + (this.state === "recording" ? performance.now() - this.since : 0); }

    /* The last of it is in: from here on it is a file like one that was chosen. */
    finish() {
      if (!this.running) return;
      clearInterval(this.ticking);
      this.quiet?.();
      for (const track of this.stream.getTracks()) track.stop();
      const mime = (this.recorder.mimeType || type || "audio/webm").split(";")[0];
      const name = `opname.${mime === "audio/mp4" ? "m4a" : mime.split("/")[1]}`;
      this.file = new File(this.chunks, name, { type: mime });
      this.chunks = [];
      this.state = "ready";
      this.put();
      this.tell("file", { file: this.file, spoken: true });
      this.say("ready", { tijd: clock(this.taken / 1000) }, this.full ? "full" : "");
      this.show();
      if (!this.then) this.focus("play");
      this.then?.();
      this.then = null;
    }

    tick() {
      const left = Math.max(0, Math.ceil(Number(this.element.dataset.seconds) - this.elapsed / 1000));
      this.part("left").textContent = this.word("left", { tijd: clock(left) });
      const soon = SOON.find((mark) => left === mark && !this.said.has(mark) && mark < Number(this.element.dataset.seconds));
      if (soon) {
        this.said.add(soon);
        this.say("soon", { n: soon });
      }
      if (left <= 0) this.stop(true);
      else if (this.state === "recording" && performance.now() - this.heard > SILENCE) {
        this.heard = Infinity; // asked once
        this.say("silent");
      }
    }

    /* How hard it is. Who wants less motion sees it move once a second. */
    listen() {
      const Context = window.AudioContext ?? window.webkitAudioContext;
      if (!Context) return;
      const context = new Context(), analyser = context.createAnalyser();
      context.createMediaStreamSource(this.stream).connect(analyser);
      analyser.fftSize = 1024;
      const samples = new Uint8Array(analyser.fftSize);
      const timer = setInterval(() => {
        analyser.getByteTimeDomainData(samples);
        let loudest = 0;
        for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample - 128) / 128);
        if (loudest > 0.02 && this.heard !== Infinity) this.heard = performance.now();
        const now = performance.now();
        if (CALM.matches && now - (this.drawn ?? 0) < 1000) return;
        this.drawn = now;
        this.part("level").value = this.state === "recording" ? Math.min(1, loudest * 1.5) : 0;
      }, 100);
      this.quiet = () => {
        clearInterval(timer);
        context.close();
        this.quiet = null;
      };
    }

    /* --- what there is */

    choose() {
      const file = this.input.files[0];
      if (this.running) this.cancel();
      this.clear();
      if (file && file.size > Number(this.element.dataset.bytes)) {
        this.input.value = "";
        this.tell("gone");
        this.say("large");
      } else if (file) {
        this.file = file;
        this.state = "ready";
        this.tell("file", { file, spoken: false });
        this.say("chosen");
      } else {
        this.tell("gone");
        this.say("");
      }
      this.show();
    }

    cancel() {
      const { recorder } = this;
      clearInterval(this.ticking);
      this.quiet?.();
      this.state = "empty";
      if (recorder.state !== "inactive") recorder.stop();
      for (const track of this.stream.getTracks()) track.stop();
    }

    forget() {
      this.tell("gone");
      this.clear();
      this.input.value = "";
      this.show();
    }

    put() {
      const carrier = new DataTransfer();
      carrier.items.add(this.file);
      this.input.files = carrier.files;
    }

    /* --- on the page */

    show() {
      const { state } = this;
      const shown = {
        start: state === "empty" || state === "asking", stop: this.running, pause: state === "recording",
        resume: state === "paused", running: this.running, again: state === "ready", forget: state === "ready",
        play: state === "ready",
      };
      for (const [name, is] of Object.entries(shown)) this.part(name).hidden = !is;
      const player = this.part("play");
      if (state === "ready") {
        this.url ||= URL.createObjectURL(this.file);
        if (player.src !== this.url) player.src = this.url;
      } else {
        player.removeAttribute("src");
      }
      if (this.running) this.tick();
      else this.part("level").value = 0;
    }

    focus(name) { this.part(name).focus(); }

    tell(name, detail = {}) {
      this.element.dispatchEvent(new CustomEvent(`recorder:${name}`, { bubbles: true, detail }));
    }

    word(name, values = {}) {
      const text = name ? this.element.getAttribute(`data-word-${name}`) ?? "" : "";
      return Object.entries(values).reduce((all, [key, value]) => all.replace(`{${key}}`, value), text);
    }

    say(name, values, before = "") {
      this.part("state").textContent = `${before ? this.word(before) + " " : ""}${this.word(name, values)}`;
    }
  }

  /* A frame without allow="microphone" refuses just as a person does; only some browsers tell them apart. */
  function reason(problem) {
    if (problem.name === "NotFoundError") return "none";
    if (problem.name !== "NotAllowedError" && problem.name !== "SecurityError") return "taken";
    const policy = document.permissionsPolicy ?? document.featurePolicy;
    const passed = policy?.allowsFeature ? policy.allowsFeature("microphone") : true;
    return passed ? "refused" : "frame";
  }

  /* `sent`: the form this drawing answers, `refused`: with errors. */
  function look(within, sent, refused) {
    for (const element of within.querySelectorAll("[data-recorder]")) {
      const home = homeOf(element);
      if (!home) continue;
      const desk = desks.get(home) ?? new Desk(home);
      desks.set(home, desk);
      if (desk.element && desk.element !== element && desk.form === sent && !refused && !desk.running) desk.clear();
      desk.attach(element);
    }
  }

  document.addEventListener("activity:drawn", (event) => {
    const { sent, refused } = event.detail ?? {};
    look(event.target, sent, refused);
    const desk = desks.get(event.target);
    if (desk && !desk.element.isConnected) { // this activity has no recorder any more
      if (desk.running) desk.cancel();
      desk.clear();
      desks.delete(event.target);
    }
  });

  /* Sent while it still runs: first the end of it, then the form. */
  document.addEventListener("submit", (event) => {
    const desk = [...desks.values()].find((each) => each.form === event.target);
    if (!desk?.running || desk.then) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    desk.then = () => event.target.requestSubmit(event.submitter);
    desk.stop();
  }, true);

  window.addEventListener("beforeunload", (event) => {
    if ([...desks.values()].some((desk) => desk.unsent)) event.preventDefault();
  });

  document.addEventListener("DOMContentLoaded", () => look(document));
  if (document.readyState !== "loading") look(document);
})();
