/* Hearing what was sent (templates/files/player.html): speed, marks, and the moment of a comment.

   Tells with `files:moment` {key, second} that somebody wants to say something at this moment; goes to a moment on
   `files:seek` {second}. Addresses live for a while: the page is asked for new ones when they are over. */
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
const fill = (text, words) => Object.entries(words).reduce((all, [name, word]) => all.replace(`{${name}}`, word), text);

function player(figure) {
  const audio = figure.querySelector("audio");
  const part = (name) => figure.querySelector(`[data-player-${name}]`);
  const word = (name) => figure.getAttribute(`data-word-${name}`);
  const length = Number(figure.dataset.seconds);
  const toggle = part("toggle"), place = part("place");
  let renewed = 0; // when the addresses were asked for anew, in ms

  audio.controls = false;
  part("desk").hidden = false;

  function show() {
    place.value = audio.currentTime;
    place.setAttribute("aria-valuetext", fill(word("at"), { tijd: clock(audio.currentTime), lengte: clock(length) }));
    part("now").textContent = clock(audio.currentTime);
    toggle.querySelector("span").textContent = word(audio.paused ? "play" : "pause");
    toggle.classList.toggle("geluid__knop--speelt", !audio.paused);
  }

  function play(from) {
    if (from !== undefined) seek(from);
    audio.play().catch(() => {}); // what is wrong with the sound comes as an error event
  }

  /* Before anything is known of the sound a browser forgets where it should begin. */
  function seek(second) {
    if (audio.readyState) audio.currentTime = second;
    else {
      audio.addEventListener("loadedmetadata", () => { audio.currentTime = second; }, { once: true });
      audio.load();
    }
    place.value = second;
  }

  async function broken() {
    const at = audio.currentTime || Number(place.value);
    if (Date.now() - renewed > 60_000) {
      renewed = Date.now();
      try {
        const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
        const fresh = page.querySelector(`[data-player][data-key="${figure.dataset.key}"] audio`);
        if (fresh) {
          audio.replaceChildren(...fresh.childNodes);
          watch();
          audio.load();
          play(at);
          return;
        }
      } catch { /* no connection: said below */ }
    }
    part("state").textContent = word("broken");
  }

  const watch = () => audio.querySelector("source:last-of-type")?.addEventListener("error", broken);

  watch();
  audio.addEventListener("error", broken);
  for (const event of ["timeupdate", "play", "pause", "ended", "seeked"]) audio.addEventListener(event, show);
  audio.addEventListener("playing", () => { part("state").textContent = ""; });
  toggle.addEventListener("click", () => (audio.paused ? play() : audio.pause()));
  place.addEventListener("input", () => { seek(Number(place.value)); show(); });
  part("speed").addEventListener("change", (event) => { audio.playbackRate = Number(event.target.value); });
  part("moment")?.addEventListener("click", () => {
    audio.pause();
    const detail = { key: figure.dataset.key, second: Math.floor(audio.currentTime) };
    figure.dispatchEvent(new CustomEvent("files:moment", { bubbles: true, detail }));
  });
  figure.addEventListener("files:seek", (event) => play(event.detail.second));
  for (const mark of figure.querySelectorAll("[data-player-second]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "utrecht-button utrecht-button--subtle knop knop--stil knop--klein";
    button.textContent = mark.textContent;
    button.setAttribute("aria-label", fill(word("seek"), { tijd: mark.textContent }));
    button.addEventListener("click", () => play(Number(mark.dataset.playerSecond)));
    mark.replaceChildren(button);
  }
  show();
}

for (const figure of document.querySelectorAll("[data-player]")) player(figure);
