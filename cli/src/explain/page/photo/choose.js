// Choosing what to follow; this draws all the rest.

function choose(i) {
  state.subject = i;
  const buttons = document.querySelectorAll("#subjects input");
  if (buttons[i]) buttons[i].checked = true;
  showResult();
  showWindow();
  showCells();
  state.component = subject()?.window?.component ?? 0;
  const component = find(`#components input[value="${state.component}"]`);
  if (component) component.checked = true;
  setLevel(subject()?.window?.level ?? 0);
  showJudge();
  showFit();
  showTreeStages();
}

offer(find("#subjects"), "subject", subjects.map((one, i) => one.outcome === "nearest" ? OUTCOMES.nearest : `${OUTCOMES[one.outcome]} ${i + 1}`));
find("#subjects").hidden = subjects.length < 2;
choice(find("#subjects"), value => choose(Number(value)));
listSteps();
showFunnel();
showWindows();
choose(0);
