// Keeps the gradebook as it is at the server. Asks with the version it has, so an unchanged one costs a 304.
const book = document.getElementById("gradebook");
const news = document.getElementById("gradebook-news");
const every = Number(book.dataset.every) * 1000;
const longest = 60000;
let version = book.dataset.version;
let wait = every;
let timer = 0;

async function look() {
  if (document.hidden) return;
  try {
    const response = await fetch(book.dataset.source, { headers: { "If-None-Match": version }, cache: "no-store", redirect: "error" });
    if (response.status === 200) {
      book.innerHTML = await response.text();
      version = response.headers.get("ETag");
      news.textContent = book.querySelector("[data-news]").dataset.news;
    }
    wait = response.status === 200 || response.status === 304 ? every : Math.min(wait * 2, longest);
  } catch {
    wait = Math.min(wait * 2, longest);
  }
  plan();
}

function plan() {
  clearTimeout(timer);
  timer = setTimeout(look, wait);
}

// A page in the background doesn't ask; it does at once when somebody comes back to it.
document.addEventListener("visibilitychange", look);
plan();
