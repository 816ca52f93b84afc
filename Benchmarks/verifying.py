"""Hashing the whole log anew, proving one event of it, and copying it."""

from measure import least


def measure(bench, store):
    ours = bench.best(bench.repeats, lambda: bench.ours("-q", "-s", store, "verify", "--fast").took)
    limit = bench.best(bench.repeats, lambda: bench.limits("verify", store).part())
    bench.rate(
        "verify, hashes, tree and index", ours, "C scan that hashes as many bytes", limit, ">= 0.7")
    whole = bench.best(bench.repeats, lambda: bench.ours("-q", "-s", store, "verify").took)
    bench.rate("verify, file, tags and views too", whole, "only hashes, tree and index", ours)
    key = bench.work / "bench.key"
    if not key.exists():
        bench.ours("key", "new", key, "--name", "bench.example/log")
    runs = []
    for place in (1, bench.size // 3, bench.size // 2):
        proof = bench.work / "bench.proof"
        proof.unlink(missing_ok=True)
        run = bench.ours("-q", "-s", store, "prove", place, "--key", key, "--out", proof)
        runs.append(run.took)
    bench.time_limit("prove one event, whole command", least(runs), 50)
    copy = bench.fresh("backup.annals")
    took = bench.ours("-q", "-s", store, "backup", copy).took
    bench.rate("backup, verified", took, "verify, file, tags and views too", whole)
    bench.fresh("backup.annals")
