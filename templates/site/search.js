// Search and filters over search-index.js. Text goes into the page as text, never as markup.
(function () {
  "use strict";
  var index = window.monitorIndex;
  var form = document.getElementById("form");
  if (!index || !form) return;
  var STEP = 100;
  var fields = ["q", "body", "topic", "stage", "since", "kind"];
  // What stands in a field when nobody chose: work of standards bodies, without papers, posts, meetings and incidents.
  var usual = { kind: "work" };
  var asides = ["paper", "news", "meeting", "incident"];
  var at = {};
  fields.forEach(function (id) { at[id] = document.getElementById(id); });
  var count = document.getElementById("count");
  var list = document.getElementById("found");
  var more = document.getElementById("more");
  var shown = STEP;

  function fill(select, names) {
    names.forEach(function (name, i) {
      var option = document.createElement("option");
      option.value = String(i);
      option.textContent = name;
      select.appendChild(option);
    });
  }
  fill(at.body, index.bodies);
  fill(at.topic, index.topics);

  // Without case and accents, so that “uberblick” finds “Überblick”.
  function fold(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }
  var texts = index.rows.map(function (r) { return fold(r[1] + " " + r[2] + " " + r[9] + " " + index.bodies[r[3]]); });

  function found() {
    var words = fold(at.q.value).split(/\s+/).filter(Boolean);
    return index.rows.filter(function (r, i) {
      return words.every(function (w) { return texts[i].indexOf(w) >= 0; })
        && (at.body.value === "" || r[3] === Number(at.body.value))
        && (at.topic.value === "" || r[6].indexOf(Number(at.topic.value)) >= 0)
        && (at.stage.value === "" || r[4] === at.stage.value)
        && (at.kind.value === "" || (asides.indexOf(r[7]) < 0) === (at.kind.value === "work"))
        // A month or a year is kept when any day of it may be meant.
        && (at.since.value === "" || r[5] >= at.since.value.slice(0, r[5].length));
    });
  }

  function line(r) {
    var li = document.createElement("li");
    var date = document.createElement("span");
    date.className = "date";
    date.textContent = r[5];
    var a = document.createElement("a");
    a.href = "documents/" + r[0] + ".html";
    var title = document.createElement("bdi");
    if (r[8] && r[8] !== "en") title.lang = r[8];
    title.textContent = r[2];
    a.appendChild(title);
    var under = document.createElement("span");
    under.className = "under";
    under.textContent = [r[1], index.bodies[r[3]], r[7], r[10] ? "date of first sight" : "", r[4] === "unknown" ? "" : r[4]].filter(Boolean).join(" · ");
    li.append(date, " ", a, under);
    return li;
  }

  function remember() {
    var parts = fields.filter(function (id) { return at[id].value !== (usual[id] || ""); })
      .map(function (id) { return id + "=" + encodeURIComponent(at[id].value); });
    // A page from a disk may not always write its address; the search works all the same.
    try { history.replaceState(null, "", parts.length ? "#" + parts.join("&") : "#"); } catch (e) { /* nothing to do */ }
  }

  function show() {
    var rows = found();
    list.replaceChildren.apply(list, rows.slice(0, shown).map(line));
    count.textContent = rows.length + (rows.length === 1 ? " document" : " documents")
      + (rows.length > shown ? ", the newest " + shown + " shown" : "");
    more.hidden = rows.length <= shown;
  }
  function again() { shown = STEP; show(); remember(); }

  location.hash.slice(1).split("&").forEach(function (part) {
    var pair = part.split("=");
    if (fields.indexOf(pair[0]) < 0) return;
    try { at[pair[0]].value = decodeURIComponent(pair.slice(1).join("=")); } catch (e) { /* a broken address is no filter */ }
  });
  var timer = 0;
  at.q.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(again, 120); });
  fields.slice(1).forEach(function (id) { at[id].addEventListener("change", again); });
  form.addEventListener("submit", function (e) { e.preventDefault(); again(); });
  form.addEventListener("reset", function () { setTimeout(function () { again(); at.q.focus(); }, 0); });
  more.addEventListener("click", function () {
    var first = shown;
    shown += STEP;
    show();
    var next = list.children[first];
    if (next) next.querySelector("a").focus();
  });
  form.hidden = false;
  show();
})();
