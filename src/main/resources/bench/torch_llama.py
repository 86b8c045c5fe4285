"""Training steps of a Llama-layout decoder in plain PyTorch: a question on standard input, JSON, and
the answer on standard output. The weights are read from model.safetensors without further packages."""

import json
import math
import struct
import sys
import time

import torch
import torch.nn.functional as F

question = json.load(sys.stdin)
torch.set_num_threads(question["threads"])
config = question["config"]
D, L = config["hidden_size"], config["num_hidden_layers"]
H, KV = config["num_attention_heads"], config["num_key_value_heads"]
HD = config.get("head_dim") or D // H
EPS, THETA = config["rms_norm_eps"], config.get("rope_theta", 10000.0)
bf16 = question["precision"] == "bfloat16"


def load(path):
    types = {"F32": torch.float32, "BF16": torch.bfloat16}
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        body = bytearray(file.read())
    weights = {}
    for name, about in header.items():
        if name != "__metadata__":
            start, end = about["data_offsets"]
            flat = torch.frombuffer(body[start:end], dtype=types[about["dtype"]])
            weights[name] = flat.reshape(about["shape"]).float().clone().requires_grad_(True)
    return weights


weights = load(question["weights"])
rows = torch.tensor(question["rows"])
B, T = rows.shape
angles = torch.outer(torch.arange(T).float(), THETA ** (-torch.arange(0, HD, 2).float() / HD))
cos, sin = (torch.cat([f(angles)] * 2, -1) for f in (torch.cos, torch.sin))
mask = torch.full((T, T), -math.inf).triu(1)


def norm(x, name):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPS) * weights[name]


def turn(x):
    half = torch.cat([-x[..., HD // 2 :], x[..., : HD // 2]], -1)
    return x * cos + half * sin


def attention(q, k, v):
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
    return (q @ k.transpose(-1, -2) / math.sqrt(HD) + mask).softmax(-1).to(v.dtype) @ v


def loss():
    x = F.embedding(rows, weights["model.embed_tokens.weight"])
    for i in range(L):
        p = f"model.layers.{i}."
        h = norm(x, p + "input_layernorm.weight")

        def heads(name, n):
            product = F.linear(h, weights[p + f"self_attn.{name}_proj.weight"])
            return product.view(B, T, n, HD).transpose(1, 2)

        q, k, v = turn(heads("q", H)), turn(heads("k", KV)), heads("v", KV)
        k, v = (t.repeat_interleave(H // KV, 1) for t in (k, v))
        mixed = attention(q.to(v.dtype), k.to(v.dtype), v).transpose(1, 2).reshape(B, T, H * HD)
        x = x + F.linear(mixed, weights[p + "self_attn.o_proj.weight"])
        h = norm(x, p + "post_attention_layernorm.weight")
        gate = F.silu(F.linear(h, weights[p + "mlp.gate_proj.weight"]))
        up = F.linear(h, weights[p + "mlp.up_proj.weight"])
        x = x + F.linear(gate * up, weights[p + "mlp.down_proj.weight"])
    x = norm(x, "model.norm.weight")
    output = weights.get("lm_head.weight", weights["model.embed_tokens.weight"])
    logits = F.linear(x[:, :-1], output)
    return F.cross_entropy(logits.float().reshape(-1, logits.shape[-1]), rows[:, 1:].reshape(-1))


parameters = list(weights.values())
optimizer = torch.optim.AdamW(parameters, lr=1e-4, betas=(0.9, 0.95), weight_decay=0.1)


def step():
    optimizer.zero_grad(set_to_none=True)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
        now = loss()
    now.backward()
    torch.nn.utils.clip_grad_norm_(parameters, 1.0)
    optimizer.step()
    return now.item()


first = step()
step()
step()
speeds = []
begun = time.perf_counter()
while len(speeds) < 5 or time.perf_counter() - begun < question["seconds"]:
    start = time.perf_counter()
    step()
    speeds.append(B * T / (time.perf_counter() - start))
speeds.sort()
json.dump(
    {
        "version": torch.__version__,
        "loss": first,
        "tokensPerSecond": speeds[len(speeds) // 2],
        "bestTokensPerSecond": speeds[-1],
    },
    sys.stdout,
)
