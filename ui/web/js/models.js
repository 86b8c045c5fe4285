// Policies and reward models from the API, newest first.
import { request } from "./csrf.js";
import { idempotencyKey } from "./key.js";
import { local } from "./times.js";
import { toast } from "./toast.js";

const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
};
const badge = (text, kind = "") => element("span", { class: `badge ${kind}` }, text);
const figure = (value, digits = 3) => (typeof value === "number" ? String(Number(value.toPrecision(digits))) : "–");
const many = (value) => (typeof value === "number" ? new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 }).format(value) : "–");
const share = (value) => (typeof value === "number" ? `${(100 * value).toFixed(1)}%` : "–");
// one element, since on a phone the label and what it holds stand side by side
const cell = (label, ...children) => element("td", { "data-label": label }, element("span", {}, ...children));
const number = (label, text) => element("td", { "data-label": label, class: "number" }, text);
const hash = (text) => element("code", { title: text }, text.slice(0, 10));

async function all(url) {
  const items = [];
  let after = "";
  do {
    const page = await (await request(`${url}?limit=200${after && `&after=${after}`}`)).json();
    items.push(...page.items);
    after = page.next ?? "";
  } while (after);
  return items;
}

function origin(version) {
  const parts = [];
  if (version.datasetHash) parts.push("data ", hash(version.datasetHash), " ");
  if (version.round) parts.push(element("a", { href: `/rounds/${version.round}` }, "its round"));
  if (version.origin) {
    const { source, revision, commit } = version.origin;
    parts.push(`from ${source}`, ...(revision ? [` @ ${revision} `] : [" "]), ...(commit ? [hash(commit)] : []));
  }
  return parts.length ? parts : ["–"];
}

function download(url, name) {
  return element("a", { class: "button small quiet", href: url, download: "", title: "A zip in Hugging Face's layout, with ONNX and a model card" }, "Download", element("span", { class: "visually-hidden" }, ` ${name}`));
}

function compare({ id, name, project }) {
  return element("a", { class: "button small quiet", href: `/projects/${project}/evaluations?policy=${id}`, title: "Let people compare it blind with the policy served now" }, "Compare", element("span", { class: "visually-hidden" }, ` ${name}`));
}

function policyRow(policy) {
  const promote = element("button", { class: "button small", type: "button", "data-promote": policy.id }, "Promote", element("span", { class: "visually-hidden" }, ` ${policy.name}`));
  const { metrics } = policy;
  return element(
    "tr",
    {},
    element("td", {}, element("span", { class: "row" }, element("strong", {}, policy.name), badge(policy.kind), policy.serving ? badge("served", "served") : null)),
    number("Weights", many(policy.parameters)),
    cell("Descends from", policy.parent?.name ?? "–"),
    cell("Learned from", ...origin(policy)),
    number("KL", figure(metrics["objective/kl"])),
    number("Score", figure(metrics["objective/scores"])),
    number("Length", figure(metrics["val/length"])),
    number("Stops", share(metrics["val/stop_rate"])),
    cell("Made", local(policy.createdAt)),
    cell("Actions", element("span", { class: "row end" }, policy.serving ? null : promote, policy.serving || !policy.project ? null : compare(policy), download(`/api/policies/${policy.id}/archive`, policy.name))),
  );
}

function rewardRow(model) {
  const { metrics } = model;
  return element(
    "tr",
    {},
    element("td", {}, element("strong", {}, model.name)),
    cell("Begun from", model.policyName ?? model.backbone),
    cell("Learned from", ...(model.rankings ? [`${model.rankings} rankings${model.aiVotes ? ` (${model.aiVotes} by a judge)` : ""}, `] : []), ...origin(model)),
    number("Accuracy", share(metrics.accuracy)),
    number("Ceiling", share(metrics["ceiling/accuracy"])),
    number("By length alone", share(metrics["accuracy/length_only"])),
    number("Log loss", figure(metrics.log_loss)),
    number("Calibration error", figure(metrics.ece)),
    cell("Made", local(model.createdAt)),
    cell("Actions", element("span", { class: "row end" }, download(`/api/reward-models/${model.id}/archive`, model.name))),
  );
}

const nothing = (columns, text) => element("tr", {}, element("td", { colspan: columns, class: "muted" }, text));

async function show() {
  const [policies, rewardModels] = await Promise.all([all("/api/policies"), all("/api/reward-models")]);
  document.getElementById("policies").replaceChildren(...(policies.length ? policies.map(policyRow) : [nothing(10, "No policy yet.")]));
  document.getElementById("reward-models").replaceChildren(
    ...(rewardModels.length ? rewardModels.map(rewardRow) : [nothing(10, "None yet: a round makes one.")]),
  );
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-promote]");
  if (!button) return;
  button.disabled = true;
  try {
    const answer = await request(`/api/policies/${button.dataset.promote}/promote`, { method: "POST", json: {}, headers: { "Idempotency-Key": idempotencyKey() } });
    const policy = await answer.json();
    toast(`${policy.name} is served from now on.`);
    await show();
  } catch (error) {
    toast(error.message, "bad");
    button.disabled = false;
  }
});

document.addEventListener("policies-changed", () => show().catch((error) => toast(error.message, "bad")));

show().catch((error) => toast(error.message, "bad"));
