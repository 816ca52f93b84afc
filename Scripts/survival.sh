#!/usr/bin/env bash
# The survival suite: what may happen to a store, made to happen, again and again.
#
#     Scripts/survival.sh list                          names the tests
#     Scripts/survival.sh NAME [--short | --long] [--seed N] [ARGUMENTS]
#     Scripts/survival.sh all  [--short | --long] [ARGUMENTS]
#
# --short takes up to half a minute for each test; --long, the default, up to some hours for all of
# them. Each prints its seed, what it did in how many seconds, and "no anomaly"; "skipped" where the
# machine lacks what it needs. The exit code is 1 when anything was found. Other arguments go to the
# test itself: Scripts/survival.sh power-cut --workload erase. The tests of scripts need Python 3 and
# the built program (--annals PATH, ANNALS_BINARY, or what was built last); others need Swift.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

tests=(
  "kill            writers killed in the middle of their work"
  "race            two processes that want what only one may have"
  "wal-reset       the race in which SQLite loses pages, under the file lock and without it"
  "without-lock    race and processes without the file lock, which they must notice"
  "schedules       two writers, a reader and a checkpointer, in an order drawn call by call"
  "rebuild         rebuilds of views killed, with appends and reads going on"
  "power-cut       what the disk may hold after a power cut, built from a record of all calls"
  "failed-syncs    the same where syncs fail, and the disk drops what they were to write"
  "lost-writes     writes that a real file system loses, because its disk is full for a while"
  "file-system-cut ext4, xfs and btrfs cut off under the program"
  "syscall-faults  every system call of every command fails"
  "sqlite-faults   every read, write, sync, lock and allocation within SQLite fails"
  "disk-full       the disk fills up under every kind of work"
  "bit-flips       damage of single bits, pages and lengths, and whether verify names it"
  "erase-kill      erasures killed at every step, judged for traces of the erased text"
  "processes       many processes at once, and the histories they see"
  "users           several users of one store in turns, with different rights"
  "abuse           what no client should send to the server, and kills of it under load"
  "coverage-fuzz   input for every parser by a fuzzer that sees what it reaches"
  "fuzz            mutated input for every parser"
  "bitemporal      every view at every moment of both times, against a brute-force reading"
  "determinism     the same views from every replay"
  "clock           clocks that are wrong, stand still and jump"
  "attacks         stores altered by other tools, and files made to harm"
  "upgrade         stores of every earlier format"
  "endurance       a log that grows to millions of events"
  "verifier        a second verifier, in another language"
)

names() { printf '%s\n' "${tests[@]}" | sed 's/ .*//'; }

# Runs Swift tests, whose rounds are counted in ANNALS_ variables.
swift_tests() {
  local filter=$1
  shift
  (($# == 0)) || { echo "not understood: $*" >&2; exit 64; }
  local told
  told=$("$here/test" --filter "$filter" | tee /dev/stderr)
  if ! grep -q 'Test run with [1-9]' <<<"$told"; then
    echo "there are no tests named $filter" >&2
    exit 1
  fi
  echo "no anomaly"
}

run() {
  local name=$1 length=--long seed=()
  shift
  local rest=()
  while (($# > 0)); do
    case $1 in
      --short | --long) length=$1 ;;
      --seed) seed=(--seed "$2") && shift ;;
      *) rest+=("$1") ;;
    esac
    shift
  done
  [ ${#seed[@]} -eq 0 ] || export ANNALS_SEED=${seed[1]}
  case $name/$length in
    kill/--short) "$here/kill-test" --kills 200 "${seed[@]}" "${rest[@]}" ;;
    kill/--long) "$here/kill-test" --kills 100000 "${seed[@]}" "${rest[@]}" ;;
    race/--short) "$here/race-test" --rounds 100 "${seed[@]}" "${rest[@]}" ;;
    race/--long) "$here/race-test" --rounds 10000 "${seed[@]}" "${rest[@]}" ;;
    without-lock/*)
      "$here/race-test" --without-lock --rounds 2000 "${seed[@]}" "${rest[@]}"
      "$here/survival/processes.py" --without-lock "$length" "${seed[@]}" "${rest[@]}"
      ;;
    rebuild/--short) "$here/rebuild-test" --kills 20 "${seed[@]}" "${rest[@]}" ;;
    rebuild/--long) "$here/rebuild-test" --kills 2000 "${seed[@]}" "${rest[@]}" ;;
    bitemporal/--short) swift_tests BitemporalTests "${rest[@]}" ;;
    bitemporal/--long) ANNALS_ORACLE_ROUNDS=${ANNALS_ORACLE_ROUNDS:-3300} swift_tests BitemporalTests "${rest[@]}" ;;
    sqlite-faults/--short) swift_tests '\.FaultTests' "${rest[@]}" ;;
    sqlite-faults/--long) ANNALS_LONG=1 swift_tests '\.FaultTests' "${rest[@]}" ;;
    failed-syncs/*) "$here/survival/power-cut.py" --failed-syncs "$length" "${seed[@]}" "${rest[@]}" ;;
    ext4-cut/*)  # As it was called before there were others.
      "$here/survival/file-system-cut.py" --file-system ext4 "$length" "${seed[@]}" "${rest[@]}"
      ;;
    fuzz/--short) swift_tests FuzzTests "${rest[@]}" ;;
    fuzz/--long) ANNALS_LONG=1 swift_tests FuzzTests "${rest[@]}" ;;
    *)
      if [ ! -e "$here/survival/$name.py" ]; then
        echo "no test \"$name\"; Scripts/survival.sh list  names them" >&2
        exit 64
      fi
      "$here/survival/$name.py" "$length" "${seed[@]}" "${rest[@]}"
      ;;
  esac
}

case ${1:-} in
  "" | -h | --help) sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" ;;
  list) printf '%s\n' "${tests[@]}" ;;
  all)
    shift
    failed=()
    for name in $(names); do
      printf '\n%s\n' "== $name"
      (run "$name" "$@") || failed+=("$name")
    done
    if [ ${#failed[@]} -gt 0 ]; then
      printf '\n%s\n' "not passed: ${failed[*]}"
      exit 1
    fi
    ;;
  *) run "$@" ;;
esac
