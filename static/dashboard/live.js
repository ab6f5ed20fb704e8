// @ts-check
// Keeps the counts right and says when there is something new; never moves what an editor is looking at.

const list = document.querySelector("[data-newest]");
const hint = document.getElementById("new");
let version = "";

async function look() {
  if (document.hidden) return;
  const asked = new URLSearchParams(location.search);
  asked.delete("cursor");
  asked.set("newest", list?.getAttribute("data-newest") || "0");
  const answer = await fetch(`/queue/changes?${asked}`, { headers: version ? { "If-None-Match": version } : {} });
  if (answer.status != 200) return;
  version = answer.headers.get("ETag") || "";
  const { counts, new: fresh } = await answer.json();
  for (const [view, count] of Object.entries(counts)) {
    const place = document.querySelector(`[data-count="${view}"]`);
    if (place) place.textContent = count ? `${count}` : "";
  }
  document.title = document.title.replace(/^\(\d+\) /, "");
  if (counts.inbox) document.title = `(${counts.inbox}) ${document.title}`;
  if (hint && fresh) {
    hint.hidden = false;
    hint.textContent = fresh == 1 ? "1 new case, press ." : `${fresh} new cases, press .`;
  }
}

setInterval(() => look().catch(() => {}), 5000);
