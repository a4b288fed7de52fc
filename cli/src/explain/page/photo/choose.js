// Choosing the subject to follow; this draws everything else.

function choose(i) {
  state.subject = i;
  const button = find(`#subjects input[value="${i}"]`);
  if (button) button.checked = true;
  showResult();
  showWindow();
  showCells();
  state.component = subject()?.window?.component ?? 0;
  const component = find(`#components input[value="${state.component}"]`);
  if (component) component.checked = true;
  setLevel(subject()?.window?.level ?? 0);
  showBoostedTrees();
  showFit();
  showTreeStages();
}

/** Radio buttons in a row for each kind of subject, the highest score first; they show the scores. */
function offerSubjects() {
  for (const [outcome, heading] of [["face", "Faces"], ["rejected", "Rejected, best first"]]) {
    const group = subjects.map((one, i) => [one, i]).filter(([one]) => one.outcome === outcome);
    if (!group.length) continue;
    group.sort(([a], [b]) => scoreOf(b) - scoreOf(a));
    const name = outcome === "face" ? "face" : "rejected detection";
    const chips = group.map(([one, i], rank) => make("label", { "aria-label": `${name} ${rank + 1}, score ${round(scoreOf(one))}` },
      make("input", { type: "radio", name: "subject", value: i }), ` ${rank + 1}: score ${round(scoreOf(one))}`));
    find("#subjects").append(make("div", { class: "choice", role: "group", "aria-label": heading }, make("span", { class: "heading" }, heading), ...chips));
  }
}

offerSubjects();
find("#subjects").hidden = subjects.length < 2;
choice(find("#subjects"), value => choose(Number(value)));
listSteps();
showFunnel();
showWindows();
choose(0);
