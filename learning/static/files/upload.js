/* Sends what is recorded or chosen in a form (templates/files/field.html) while somebody goes on with the rest.

   A piece at a time (tus 1.0, learning/files/views.py): a connection that is gone costs one piece, and we go on by
   ourselves when it is back. What was recorded stays on this device until we have it (kept.js), and is offered when the
   page comes back. The form takes along the key of the file, and waits for it. Tells `files:state` {state, key} from the
   [data-upload]: sending, lost, paused, arrived, ready, refused, gone. */
import * as kept from "./kept.js";

const PIECE = 512 * 1024; // as the server says in its answer
const TOKEN = "csrfmiddlewaretoken";
const AGAIN = [1, 2, 5, 10, 20, 30]; // seconds before we try once more
const LOOK = 1_500; // ms between two looks at how far it is with a file that arrived
const OPEN = new Set(["nagekeken", "omgezet"]);

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
const when = (moment) => new Date(moment).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
const printOf = (file) => `${file.name}|${file.size}|${file.lastModified}`;

class Lost extends Error {} // nothing answers, or says that it can't now
class SignedOut extends Error {}
class Gone extends Error {} // the server knows nothing of it (any more)
class Refused extends Error {}

class Upload {
  constructor(box) {
    this.box = box;
    this.form = box.closest("form");
    this.place = box.dataset.place;
    this.round = 0; // every new file is a next one: what is left of the last then stops
    this.state = "";
    this.drawn = this.key; // what the form had already: that isn't ours to erase before the form is sent
    box.querySelector("input[type=file]").removeAttribute("name"); // it doesn't go along with the form as well
    this.recorder = box.querySelector("[data-recorder]");
    this.listen();
    this.start();
  }

  part(name) { return this.box.querySelector(`[data-upload-${name}]`); }
  word(name, values = {}) {
    const text = this.box.getAttribute(`data-word-${name}`) ?? "";
    return Object.entries(values).reduce((all, [key, value]) => all.replace(`{${key}}`, value), text);
  }
  get key() { return this.part("key").value; }
  get busy() { return ["sending", "lost", "paused"].includes(this.state); }

  listen() {
    this.recorder.addEventListener("recorder:begun", ({ detail }) => {
      this.drop();
      this.writing = kept.begin(this.place, detail.type);
    });
    this.recorder.addEventListener("recorder:chunk", ({ detail }) => {
      this.writing = kept.add(this.place, detail.blob, this.box.dataset.lock, this.writing);
    });
    this.recorder.addEventListener("recorder:file", ({ detail }) => this.take(detail.file, detail.spoken));
    this.recorder.addEventListener("recorder:gone", () => {
      this.drop();
      kept.forget(this.place);
    });
    this.part("pause").addEventListener("click", () => this.press());
    this.part("take").addEventListener("click", () => this.useKept());
    this.part("drop").addEventListener("click", () => {
      kept.forget(this.place);
      this.part("offer").hidden = true;
    });
    this.form.addEventListener("submit", (event) => this.wait(event), true);
    addEventListener("online", () => this.wake?.());
  }

  /* As the page comes: something that isn't done yet, or something that we never got. */
  async start() {
    await kept.tidy();
    if (OPEN.has(this.box.dataset.state)) return this.follow(++this.round);
    const file = await kept.file(this.place, this.box.dataset.lock);
    if (!file || this.state) return;
    this.found = file;
    this.part("found").textContent = this.word("found", { tijd: when((await kept.take(this.place)).at) });
    this.part("offer").hidden = false;
  }

  /* Into the recorder, as if it was chosen: so it can be heard first, and recorded anew. */
  useKept() {
    const carrier = new DataTransfer();
    carrier.items.add(this.found);
    const input = this.box.querySelector("input[type=file]");
    input.files = carrier.files;
    this.keptFile = input.files[0];
    input.dispatchEvent(new Event("change", { bubbles: true }));
    this.part("offer").hidden = true;
  }

  async take(file, spoken) {
    this.part("offer").hidden = true;
    const ours = spoken || file === this.keptFile;
    const before = await kept.take(this.place);
    const goesOn = before?.key && (ours || before.print === printOf(file)) ? before.key : "";
    if (!ours && before?.print !== printOf(file)) {
      await kept.forget(this.place);
      await kept.going(this.place, { print: printOf(file) });
    }
    if (goesOn !== this.key) this.erase(this.key);
    this.send(file, goesOn);
  }

  /* Nobody wants what there was. */
  drop() {
    this.round += 1;
    this.wake?.();
    this.erase(this.key);
    this.part("key").value = "";
    this.recorder.removeAttribute("data-kept");
    this.show("", "gone");
  }

  erase(key) {
    if (key && key !== this.drawn) this.ask("DELETE", this.address(key)).catch(() => {}); // else it goes when its time is over
  }

  address(key) { return `${this.box.dataset.files}${key}/`; }

  press() {
    this.stopped = this.state !== "paused";
    if (this.stopped) {
      this.aborter?.abort();
      this.show("paused");
    }
    this.wake?.();
  }

  /* --- on its way */

  async send(file, key) {
    const round = ++this.round;
    this.stopped = false;
    let tries = 0, at = null;
    this.part("key").value = key;
    this.recorder.removeAttribute("data-kept");
    this.step(0);
    this.show("sending");
    while (round === this.round) {
      try {
        while (this.stopped && round === this.round) {
          this.show("paused");
          await this.rest(1e9);
        }
        if (round !== this.round) return;
        this.show("sending");
        if (!key) {
          key = await this.create(file);
          at = 0;
          if (round !== this.round) return this.erase(key);
          this.part("key").value = key;
          await kept.going(this.place, { key });
        }
        at ??= await this.stands(key, file.size);
        if (at >= file.size) return this.arrived(round);
        at = await this.push(key, file, at);
        if (round !== this.round) return;
        tries = 0;
        this.step((100 * at) / file.size);
      } catch (problem) {
        if (round !== this.round) return;
        if (problem instanceof Refused) return this.refused(problem.message);
        if (problem instanceof Gone) {
          key = "";
          if (++tries > AGAIN.length) return this.refused(this.word("broken"));
          continue;
        }
        at = null; // we ask where it stands
        if (this.stopped) continue;
        this.show("lost", problem instanceof SignedOut ? "signedout" : problem.message || "lost");
        await this.rest(1000 * AGAIN[Math.min(tries++, AGAIN.length - 1)]);
      }
    }
  }

  async create(file) {
    const purpose = btoa(this.box.dataset.purpose);
    const answer = await this.ask("POST", this.box.dataset.files, {
      "Upload-Length": String(file.size), "Upload-Metadata": `purpose ${purpose}`,
    });
    return (await answer.json()).key;
  }

  async stands(key, size) {
    const { headers } = await this.ask("HEAD", this.address(key));
    if (Number(headers.get("Upload-Length")) !== size) throw new Gone(); // not of this file
    return Number(headers.get("Upload-Offset"));
  }

  /* 409: another tab was first, or an answer got lost; it says where it stands. */
  async push(key, file, at) {
    const answer = await this.ask("PATCH", this.address(key), {
      "Upload-Offset": String(at), "Content-Type": "application/offset+octet-stream",
    }, file.slice(at, at + PIECE));
    return Number(answer.headers.get("Upload-Offset"));
  }

  /* Raises Lost, SignedOut, Gone, Refused. Signed in anew in another tab, this page gets that session's token, once. */
  async ask(method, address, heads = {}, body = undefined, again = true) {
    const token = this.form.elements[TOKEN].value;
    let answer;
    this.aborter = new AbortController();
    try {
      answer = await fetch(address, {
        method, body, signal: this.aborter.signal,
        headers: { "Tus-Resumable": "1.0.0", "X-CSRFToken": token, ...heads },
      });
    } catch {
      throw new Lost("");
    }
    if (answer.ok || answer.status === 409) return answer;
    if (answer.status === 403 && again && (await this.renew())) return this.ask(method, address, heads, body, false);
    if (answer.status === 403) throw new SignedOut();
    if (answer.status === 404) throw new Gone();
    if ([413, 422].includes(answer.status)) throw new Refused(await wrong(answer) || this.word("broken"));
    throw new Lost([503, 507].includes(answer.status) ? "busy" : "");
  }

  async renew() {
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      const fresh = page.querySelector(`form:has([data-upload]) [name=${TOKEN}]`);
      if (!fresh) return false;
      this.form.elements[TOKEN].value = fresh.value;
      return true;
    } catch {
      return false;
    }
  }

  rest(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.min(ms, 2 ** 31 - 1));
      this.wake = () => { clearTimeout(timer); resolve(); };
    });
  }

  /* --- we have it */

  arrived(round) {
    kept.forget(this.place);
    this.recorder.setAttribute("data-kept", "");
    this.step(100);
    this.show("arrived");
    this.then?.();
    this.then = null;
    return this.follow(round);
  }

  /* Until it can be heard, or is refused. */
  async follow(round) {
    if (this.state !== "arrived") this.show("arrived");
    for (let looks = 0; round === this.round; looks += 1) {
      await this.rest(LOOK * Math.min(8, 1 + looks / 10));
      if (round !== this.round) return;
      let stands;
      try {
        stands = await (await this.ask("GET", this.address(this.key))).json();
      } catch (problem) {
        if (problem instanceof Gone) return this.refused(this.word("broken"));
        continue;
      }
      if (round !== this.round) return;
      if (stands.state === "geweigerd") return this.refused(stands.wrong);
      if (stands.state === "klaar") {
        this.show("ready", "ready", { tijd: clock(Math.max(1, stands.seconds)) });
        return;
      }
      if (stands.state === "omgezet") {
        this.step(stands.progress);
        this.show("arrived", "converting");
      }
    }
  }

  refused(sentence) {
    this.part("key").value = "";
    this.then = null;
    kept.forget(this.place);
    this.recorder.setAttribute("data-kept", "");
    this.show("refused", "", {}, sentence);
  }

  /* Sent before the sound is: the form goes by itself once it is. A recorder that still runs holds it up first. */
  wait(event) {
    if (!this.busy) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.part("state").textContent = this.word("waits");
    this.then = () => this.form.requestSubmit(event.submitter);
    if (this.stopped) this.press();
  }

  /* --- on the page */

  step(percentage) { this.part("progress").value = percentage; }

  /* What is said changes only with the state: a bar that moves isn't read out every second. */
  show(state, word = state, values = {}, sentence = "") {
    const before = this.state;
    this.state = state;
    this.part("way").hidden = !(this.busy || state === "arrived");
    this.part("pause").hidden = !this.busy;
    this.part("pause").querySelector("span").textContent = this.word(state === "paused" ? "resume" : "pause");
    const said = sentence || this.word(word, values);
    const place = this.part("state");
    if (place.textContent !== said && !(this.then && state === "sending")) place.textContent = said;
    this.box.classList.toggle("bestand--fout", state === "refused");
    if (before === state) return;
    const detail = { state: state || "gone", key: this.key };
    this.box.dispatchEvent(new CustomEvent("files:state", { bubbles: true, detail }));
  }
}

async function wrong(answer) {
  try {
    return (await answer.json()).wrong;
  } catch {
    return "";
  }
}

for (const box of document.querySelectorAll("[data-upload]")) new Upload(box);
