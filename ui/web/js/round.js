// One round: its state every two seconds, its figures as they come, the policy's words as they change.
import { lineChart } from "./charts.js";
import { request } from "./csrf.js";
import { idempotencyKey } from "./key.js";
import { duration } from "./times.js";
import { toast } from "./toast.js";

const place = document.getElementById("round");
const url = `/api/rounds/${place.dataset.round}`;
const NAMES = { reward: "Reward model", ppo: "Policy", sft: "Fine-tuning", dpo: "DPO", ipo: "IPO", kto: "KTO", rejection: "Rejection sampling" };

/** An axis that begins here, unless figures lie below. */
const from = (start) => ({ min }) => Math.min(start, Math.floor(10 * min) / 10);

const DIRECT = [
  { title: "Loss", series: { loss: "Training", "eval/loss": "Held out" } },
  { title: "Agreement with the votes", series: { "rewards/accuracies": "Training", "eval/rewards/accuracies": "Held out" }, min: from(0.4), max: 1 },
  { title: "Implied reward", series: { "rewards/chosen": "Better answers", "rewards/rejected": "Worse answers" } },
  { title: "Margin", series: { "rewards/margins": "Training", "eval/rewards/margins": "Held out" } },
];
const DIRECT_FIGURES = { "eval/rewards/accuracies": "Held-out agreement", "eval/rewards/margins": "Held-out margin", "eval/loss": "Held-out loss", training_judgments: "Judgments to learn", held_out_judgments: "Judgments held out" };

const CHARTS = {
  reward: [
    { title: "Loss", series: { "train/loss": "Training", "eval/log_loss": "Held out" } },
    { title: "Accuracy", series: { "train/accuracy": "Training", "eval/accuracy": "Held out", "eval/accuracy/length_only": "By length alone" }, min: from(0.4), max: 1 },
    { title: "Calibration error", series: { "eval/ece": "Held out" } },
  ],
  ppo: [
    { title: "Score of the reward model", series: { "objective/scores": "Score" } },
    { title: "KL from the reference", series: { "objective/kl": "KL" }, unit: "nats" },
    { title: "Loss", series: { "loss/policy_avg": "Policy", "loss/value_avg": "Value" } },
    { title: "Length", series: { "val/length": "Length" }, unit: "tokens" },
    { title: "Answers that stop by themselves", series: { "val/stop_rate": "Share" }, min: 0, max: 1 },
    { title: "Entropy", series: { "objective/entropy": "Entropy" }, unit: "nats" },
  ],
  sft: [{ title: "Loss", series: { "loss/train": "Training", "loss/eval": "Held out" } }],
  rejection: [{ title: "Loss", series: { "loss/train": "Training", "loss/eval": "Held out" } }],
  dpo: DIRECT,
  ipo: DIRECT,
  kto: DIRECT,
};

const FIGURES = {
  reward: { accuracy: "Held-out accuracy", "ceiling/accuracy": "Ceiling from agreement", "accuracy/length_only": "By length alone", log_loss: "Log loss", ece: "Calibration error", training_rankings: "Rankings to learn", held_out_rankings: "Rankings held out" },
  ppo: { "objective/scores": "Score", "objective/kl": "KL, nats", "val/length": "Length, tokens", "val/stop_rate": "Stops by itself", steps: "Steps", dropped_prompts: "Prompts too long" },
  sft: { "loss/eval": "Held-out loss" },
  rejection: { winners: "Answers learnt", dropped_prompts: "Prompts too long", "score/draws": "Mean score of all", "score/winners": "Mean score of the best", kl_bound: "KL at most, nats", "loss/eval": "Held-out loss" },
  dpo: DIRECT_FIGURES,
  ipo: DIRECT_FIGURES,
  kto: DIRECT_FIGURES,
};

/** What held-out data says, where a chart has it. */
const main = (series) => Object.keys(series).find((key) => key.includes("eval")) ?? Object.keys(series)[0];

/** Which weights stayed; the figures are theirs, while the charts end with the last step. */
function kept({ kept_step: step, kept_states: states }) {
  if (step !== undefined) return `kept: step ${step}`;
  return states === undefined ? "" : `kept: the mean of ${states} states along the way`;
}

/** What differs from the defaults. */
function chosen(hyperparameters) {
  const settings = Object.entries(hyperparameters).map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : value}`);
  return settings.length ? `Chosen: ${settings.join(", ")}` : "All settings are the defaults";
}

const shown = (value) => (typeof value === "number" ? String(Number(value.toPrecision(4))) : String(value));
const views = new Map();

class StepView {
  constructor(step) {
    this.element = document.getElementById("step-template").content.firstElementChild.cloneNode(true);
    this.kind = step.kind;
    this.find("h2").textContent = NAMES[step.kind] ?? step.kind;
    this.find(".progress").setAttribute("aria-label", `Progress: ${NAMES[step.kind] ?? step.kind}`);
    this.find(".chosen").textContent = chosen(step.hyperparameters);
    this.charts = [];
    this.following = true;
    this.slider = this.find("input[type=range]");
    this.slider.addEventListener("input", () => {
      this.following = Number(this.slider.value) === Number(this.slider.max);
      this.drawSamples();
    });
    this.log = this.find(".step-log");
    this.log.addEventListener("toggle", () => this.log.open && this.readLog());
    document.getElementById("steps").append(this.element);
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  update(step) {
    const badge = this.find(".badge");
    badge.className = `badge ${step.status}`;
    badge.textContent = step.status;
    this.find(".progress").value = step.progress;
    const steps = step.totalSteps ? `Step ${step.step} of ${step.totalSteps}` : { queued: "Waits for its turn", running: "Getting ready" }[step.status] ?? "Not begun";
    const early = step.stopReason ? `, stopped early: ${step.stopReason}` : "";
    this.find(".step-count").textContent = step.error ? step.error : [steps + early, kept(step.metrics ?? {})].filter(Boolean).join(" · ");
    const time = step.startedAt ? duration(step.startedAt, step.finishedAt ?? undefined) : "";
    const memory = step.memoryBytes ? `about ${(step.memoryBytes / 1e9).toFixed(1)} GB of memory` : "";
    const { people, ai } = step.votes ?? {};
    const votes = step.votes && ai > 0 ? `learns from ${people} rankings by people and ${ai} votes of judges` : "";
    this.find(".step-time").textContent = [votes, memory, time].filter(Boolean).join(" · ");
    const figures = this.find(".figures");
    const known = Object.entries(FIGURES[step.kind] ?? {}).filter(([key]) => step.metrics?.[key] !== undefined && step.metrics[key] !== null);
    figures.hidden = known.length === 0;
    figures.replaceChildren(
      ...known.map(([key, name]) => {
        const pair = document.createElement("div");
        const term = document.createElement("dt");
        const value = document.createElement("dd");
        term.textContent = name;
        value.textContent = shown(step.metrics[key]);
        pair.append(term, value);
        return pair;
      }),
    );
    this.log.hidden = !step.run;
    if (step.run && step.run !== this.run) {
      this.run = step.run;
      this.follow();
    }
    const stayed = step.metrics?.kept_step;
    if (stayed !== undefined) for (const { chart } of this.charts) chart.mark(stayed, "kept");
    if (step.run && (step.status === "running" || !this.sampled || this.sampled !== step.status)) {
      this.sampled = step.status;
      this.readSamples();
      if (this.log.open) this.readLog();
    }
  }

  /** Draws as figures come. */
  follow() {
    const holder = this.find(".charts");
    this.charts = CHARTS[this.kind].map((spec) => {
      const figure = document.createElement("figure");
      figure.className = "chart";
      const caption = document.createElement("figcaption");
      caption.textContent = spec.title;
      const latest = document.createElement("span");
      latest.className = "latest";
      caption.append(latest);
      const canvas = document.createElement("div");
      canvas.className = "chart-canvas";
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `${spec.title} by step`);
      figure.append(caption, canvas);
      holder.append(figure);
      return { spec, figure, latest, chart: lineChart(canvas, spec) };
    });
    this.seen = 0;
    this.listen();
  }

  /**
   * The browser reconnects by itself where a connection breaks, and goes on after the last figure; where it is answered
   * by an error, as of a proxy whose server is starting, it gives up.
   */
  listen() {
    const source = new EventSource(`/api/runs/${this.run}/metrics`);
    source.onmessage = ({ data, lastEventId }) => {
      if (Number(lastEventId) <= this.seen) return;
      this.seen = Number(lastEventId);
      this.draw(JSON.parse(data));
    };
    source.addEventListener("end", () => {
      source.close();
      for (const { figure } of this.charts) figure.hidden = !figure.dataset.points;
    });
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.listen(), 5000);
    };
  }

  draw({ key, step, value }) {
    for (const { spec, chart, latest, figure } of this.charts) {
      if (!(key in spec.series)) continue;
      chart.add(key, step, value);
      figure.dataset.points = Number(figure.dataset.points ?? 0) + 1;
      if (key !== main(spec.series)) continue;
      const name = Object.keys(spec.series).length > 1 ? `${spec.series[key]} ` : "";
      latest.textContent = `${name}${chart.format(value)}${spec.unit ? ` ${spec.unit}` : ""} at step ${step}`;
    }
  }

  async readSamples() {
    const answer = await request(`/api/runs/${this.run}/samples`).catch(() => null);
    if (!answer) return;
    const samples = await answer.json();
    this.find(".samples").hidden = samples.length === 0;
    this.samples = Map.groupBy ? Map.groupBy(samples, (sample) => sample.ordinal) : group(samples);
    this.steps = [...new Set(samples.map((sample) => sample.step))].sort((a, b) => a - b);
    this.slider.max = Math.max(0, this.steps.length - 1);
    if (this.following) this.slider.value = this.slider.max;
    this.drawSamples();
  }

  drawSamples() {
    const at = this.steps?.[Number(this.slider.value)];
    if (at === undefined) return;
    this.find("output").textContent = at;
    this.find(".sample-list").replaceChildren(
      ...[...this.samples.values()].map((changes) => {
        const first = changes[0];
        const now = changes.filter((sample) => sample.step <= at).at(-1) ?? first;
        const box = document.createElement("article");
        box.className = "sample";
        const say = (text, kind) => {
          const element = document.createElement("div");
          element.className = kind;
          element.dir = "auto";
          element.textContent = text;
          box.append(element);
        };
        say(first.prompt, "message user");
        say(now.completion || "(empty)", "message assistant");
        if (now.score !== null && now.score !== undefined) say(`score ${now.score.toFixed(2)}`, "score badge");
        if (now !== first) say(`At first: ${first.completion}`, "before");
        return box;
      }),
    );
  }

  async readLog() {
    const answer = await request(`/api/runs/${this.run}/log`, { headers: { Accept: "text/plain" } }).catch(() => null);
    if (!answer) return;
    const log = this.find(".log");
    log.textContent = (await answer.text()) || "(nothing yet)";
    log.scrollTop = log.scrollHeight;
  }
}

function group(samples) {
  const groups = new Map();
  for (const sample of samples) groups.set(sample.ordinal, [...(groups.get(sample.ordinal) ?? []), sample]);
  return groups;
}

let state;
async function look() {
  state = await (await request(url)).json();
  const active = state.status === "queued" || state.status === "running";
  const badge = document.getElementById("status");
  badge.className = `badge ${state.status}`;
  badge.textContent = state.status;
  document.getElementById("cancel").hidden = !active;
  document.getElementById("resume").hidden = state.status !== "failed" && state.status !== "cancelled";
  const error = document.getElementById("error");
  error.hidden = !state.error;
  error.lastElementChild.textContent = state.error ?? "";
  state.steps.forEach((step, index) => {
    if (!views.has(index)) views.set(index, new StepView(step));
    views.get(index).update(step);
  });
  if (state.policy && state.status === "finished" && !place.dataset.made) {
    place.dataset.made = state.policy;
    const policy = await (await request(`/api/policies/${state.policy}`)).json();
    document.getElementById("made-name").textContent = policy.name;
    document.getElementById("try").href = `/playground?right=${encodeURIComponent(policy.name)}`;
    document.getElementById("promote").disabled = policy.serving;
    if (policy.serving) document.getElementById("promote").textContent = "Served now";
    document.getElementById("compare").search = `policy=${encodeURIComponent(state.policy)}`;
    document.getElementById("made").hidden = false;
  }
  setTimeout(() => look().catch(retry), active ? 2000 : 15000);
}

// The server may be restarting; the training goes on without it.
function retry() {
  setTimeout(() => look().catch(retry), 5000);
}

async function act(button, path, then) {
  button.disabled = true;
  try {
    await request(path, { method: "POST", json: {}, headers: { "Idempotency-Key": idempotencyKey() } });
    await then();
  } catch (error) {
    toast(error.message, "bad");
    button.disabled = false;
  }
}

const cancel = document.getElementById("cancel");
const resume = document.getElementById("resume");
const promote = document.getElementById("promote");
cancel.addEventListener("click", () => act(cancel, `${url}/cancel`, () => { cancel.disabled = false; toast("The round stops after its current step, and can be resumed."); }));
resume.addEventListener("click", () => act(resume, `${url}/resume`, () => { resume.disabled = false; toast("It goes on from the last checkpoint."); }));
promote.addEventListener("click", () => act(promote, `/api/policies/${state.policy}/promote`, () => { promote.textContent = "Served now"; toast("This policy is served from now on."); }));

look().catch((error) => { toast(error.message, "bad"); retry(); });
