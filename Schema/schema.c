// The manifest of what is compiled into the program: bytes and a table line per file. A file comes
// into the program by this list alone; a test compares it with the folders.
#include "CSchema.h"

static const unsigned char sqlite_0001_log[] = {
#embed "sqlite/0001_log.sql"
};
static const unsigned char sqlite_0002_shapes[] = {
#embed "sqlite/0002_shapes.sql"
};
static const unsigned char sqlite_0003_tree[] = {
#embed "sqlite/0003_tree.sql"
};
static const unsigned char sqlite_views_stances[] = {
#embed "sqlite/views/stances.sql"
};
static const unsigned char sqlite_views_timeline[] = {
#embed "sqlite/views/timeline.sql"
};
static const unsigned char sqlite_views_votes[] = {
#embed "sqlite/views/votes.sql"
};
static const unsigned char envelope_v1[] = {
#embed "envelope.v1.json"
};
static const unsigned char action_taken_v1[] = {
#embed "events/action.taken.v1.json"
};
static const unsigned char actor_identified_v1[] = {
#embed "events/actor.identified.v1.json"
};
static const unsigned char actor_merged_v1[] = {
#embed "events/actor.merged.v1.json"
};
static const unsigned char actor_named_v1[] = {
#embed "events/actor.named.v1.json"
};
static const unsigned char actor_registered_v1[] = {
#embed "events/actor.registered.v1.json"
};
static const unsigned char actor_succeeded_v1[] = {
#embed "events/actor.succeeded.v1.json"
};
static const unsigned char claim_made_v1[] = {
#embed "events/claim.made.v1.json"
};
static const unsigned char dispute_settled_v1[] = {
#embed "events/dispute.settled.v1.json"
};
static const unsigned char fact_corrected_v1[] = {
#embed "events/fact.corrected.v1.json"
};
static const unsigned char fact_disputed_v1[] = {
#embed "events/fact.disputed.v1.json"
};
static const unsigned char fact_retracted_v1[] = {
#embed "events/fact.retracted.v1.json"
};
static const unsigned char import_completed_v1[] = {
#embed "events/import.completed.v1.json"
};
static const unsigned char membership_held_v1[] = {
#embed "events/membership.held.v1.json"
};
static const unsigned char motion_amended_v1[] = {
#embed "events/motion.amended.v1.json"
};
static const unsigned char motion_tabled_v1[] = {
#embed "events/motion.tabled.v1.json"
};
static const unsigned char motion_withdrawn_v1[] = {
#embed "events/motion.withdrawn.v1.json"
};
static const unsigned char payload_erased_v1[] = {
#embed "events/payload.erased.v1.json"
};
static const unsigned char relation_asserted_v1[] = {
#embed "events/relation.asserted.v1.json"
};
static const unsigned char role_held_v1[] = {
#embed "events/role.held.v1.json"
};
static const unsigned char rollcall_held_v1[] = {
#embed "events/rollcall.held.v1.json"
};
static const unsigned char source_captured_v1[] = {
#embed "events/source.captured.v1.json"
};
static const unsigned char sponsorship_declared_v1[] = {
#embed "events/sponsorship.declared.v1.json"
};
static const unsigned char stance_changed_v1[] = {
#embed "events/stance.changed.v1.json"
};
static const unsigned char statement_made_v1[] = {
#embed "events/statement.made.v1.json"
};
static const unsigned char topic_defined_v1[] = {
#embed "events/topic.defined.v1.json"
};
static const unsigned char topic_linked_v1[] = {
#embed "events/topic.linked.v1.json"
};
static const unsigned char topic_retired_v1[] = {
#embed "events/topic.retired.v1.json"
};
static const unsigned char vote_cast_v1[] = {
#embed "events/vote.cast.v1.json"
};
static const unsigned char answer_actor_v2[] = {
#embed "answers/actor.v2.json"
};
static const unsigned char answer_agreement_matrix_v2[] = {
#embed "answers/agreement-matrix.v2.json"
};
static const unsigned char answer_agreement_ranking_v2[] = {
#embed "answers/agreement-ranking.v2.json"
};
static const unsigned char answer_agreement_v2[] = {
#embed "answers/agreement.v2.json"
};
static const unsigned char answer_audit_v2[] = {
#embed "answers/audit.v2.json"
};
static const unsigned char answer_backup_v2[] = {
#embed "answers/backup.v2.json"
};
static const unsigned char answer_changes_v2[] = {
#embed "answers/changes.v2.json"
};
static const unsigned char answer_check_proof_v2[] = {
#embed "answers/check-proof.v2.json"
};
static const unsigned char answer_check_v2[] = {
#embed "answers/check.v2.json"
};
static const unsigned char answer_checkpoint_v2[] = {
#embed "answers/checkpoint.v2.json"
};
static const unsigned char answer_compare_v2[] = {
#embed "answers/compare.v2.json"
};
static const unsigned char answer_diff_record_v2[] = {
#embed "answers/diff-record.v2.json"
};
static const unsigned char answer_diff_stance_v2[] = {
#embed "answers/diff-stance.v2.json"
};
static const unsigned char answer_diff_world_v2[] = {
#embed "answers/diff-world.v2.json"
};
static const unsigned char answer_doctor_v2[] = {
#embed "answers/doctor.v2.json"
};
static const unsigned char answer_erase_v2[] = {
#embed "answers/erase.v2.json"
};
static const unsigned char answer_error_v2[] = {
#embed "answers/error.v2.json"
};
static const unsigned char answer_errors_v2[] = {
#embed "answers/errors.v2.json"
};
static const unsigned char answer_event_v2[] = {
#embed "answers/event.v2.json"
};
static const unsigned char answer_find_v2[] = {
#embed "answers/find.v2.json"
};
static const unsigned char answer_head_v2[] = {
#embed "answers/head.v2.json"
};
static const unsigned char answer_health_v2[] = {
#embed "answers/health.v2.json"
};
static const unsigned char answer_inclusion_v2[] = {
#embed "answers/inclusion.v2.json"
};
static const unsigned char answer_init_v2[] = {
#embed "answers/init.v2.json"
};
static const unsigned char answer_key_v2[] = {
#embed "answers/key.v2.json"
};
static const unsigned char answer_list_v2[] = {
#embed "answers/list.v2.json"
};
static const unsigned char answer_log_v2[] = {
#embed "answers/log.v2.json"
};
static const unsigned char answer_problem_v2[] = {
#embed "answers/problem.v2.json"
};
static const unsigned char answer_prove_v2[] = {
#embed "answers/prove.v2.json"
};
static const unsigned char answer_receipt_v2[] = {
#embed "answers/receipt.v2.json"
};
static const unsigned char answer_replay_v2[] = {
#embed "answers/replay.v2.json"
};
static const unsigned char answer_publish_v1[] = {
#embed "answers/publish.v1.json"
};
static const unsigned char answer_revisions_v1[] = {
#embed "answers/revisions.v1.json"
};
static const unsigned char answer_report_v2[] = {
#embed "answers/report.v2.json"
};
static const unsigned char answer_restore_v2[] = {
#embed "answers/restore.v2.json"
};
static const unsigned char answer_rollcall_v2[] = {
#embed "answers/rollcall.v2.json"
};
static const unsigned char answer_rollcalls_v2[] = {
#embed "answers/rollcalls.v2.json"
};
static const unsigned char answer_rules_v2[] = {
#embed "answers/rules.v2.json"
};
static const unsigned char answer_salvage_v2[] = {
#embed "answers/salvage.v2.json"
};
static const unsigned char answer_search_v2[] = {
#embed "answers/search.v2.json"
};
static const unsigned char answer_shares_v2[] = {
#embed "answers/shares.v2.json"
};
static const unsigned char answer_show_v2[] = {
#embed "answers/show.v2.json"
};
static const unsigned char answer_source_v2[] = {
#embed "answers/source.v2.json"
};
static const unsigned char answer_swings_v2[] = {
#embed "answers/swings.v2.json"
};
static const unsigned char answer_timeline_v2[] = {
#embed "answers/timeline.v2.json"
};
static const unsigned char answer_token_v2[] = {
#embed "answers/token.v2.json"
};
static const unsigned char answer_verify_v2[] = {
#embed "answers/verify.v2.json"
};
static const unsigned char answer_views_v2[] = {
#embed "answers/views.v2.json"
};
static const unsigned char mapping_parts_un_states[] = {
#embed "mappings/parts/un-states.yaml"
};
static const unsigned char mapping_un_votes[] = {
#embed "mappings/un-votes.yaml"
};
static const unsigned char mapping_undl[] = {
#embed "mappings/undl.yaml"
};
static const unsigned char mapping_unvotes[] = {
#embed "mappings/unvotes.yaml"
};
static const unsigned char mapping_voteview[] = {
#embed "mappings/voteview.yaml"
};
static const unsigned char record_00_world[] = {
#embed "../Events/00-world.ndjson"
};
static const unsigned char record_01_annexation_vote[] = {
#embed "../Events/01-annexation-vote.ndjson"
};
static const unsigned char record_02_us_declines_to_co_sponsor[] = {
#embed "../Events/02-us-declines-to-co-sponsor.ndjson"
};
static const unsigned char record_03_kremlin_praises_us[] = {
#embed "../Events/03-kremlin-praises-us.ndjson"
};
static const unsigned char record_04_jerusalem_post[] = {
#embed "../Events/04-jerusalem-post.ndjson"
};
static const unsigned char record_05_official_record[] = {
#embed "../Events/05-official-record.ndjson"
};
static const unsigned char template_report_html[] = {
#embed "../Templates/report.html"
};
static const unsigned char template_report_md[] = {
#embed "../Templates/report.md"
};
static const unsigned char template_site_css[] = {
#embed "../Templates/site.css"
};
static const unsigned char template_site_js[] = {
#embed "../Templates/site.js"
};

#define FILE(name, bytes) {name, bytes, sizeof bytes}

static const struct annals_schema_file files[] = {
    FILE("sqlite/0001_log.sql", sqlite_0001_log),
    FILE("sqlite/0002_shapes.sql", sqlite_0002_shapes),
    FILE("sqlite/0003_tree.sql", sqlite_0003_tree),
    FILE("sqlite/views/stances.sql", sqlite_views_stances),
    FILE("sqlite/views/timeline.sql", sqlite_views_timeline),
    FILE("sqlite/views/votes.sql", sqlite_views_votes),
    FILE("envelope.v1.json", envelope_v1),
    FILE("events/action.taken.v1.json", action_taken_v1),
    FILE("events/actor.identified.v1.json", actor_identified_v1),
    FILE("events/actor.merged.v1.json", actor_merged_v1),
    FILE("events/actor.named.v1.json", actor_named_v1),
    FILE("events/actor.registered.v1.json", actor_registered_v1),
    FILE("events/actor.succeeded.v1.json", actor_succeeded_v1),
    FILE("events/claim.made.v1.json", claim_made_v1),
    FILE("events/dispute.settled.v1.json", dispute_settled_v1),
    FILE("events/fact.corrected.v1.json", fact_corrected_v1),
    FILE("events/fact.disputed.v1.json", fact_disputed_v1),
    FILE("events/fact.retracted.v1.json", fact_retracted_v1),
    FILE("events/import.completed.v1.json", import_completed_v1),
    FILE("events/membership.held.v1.json", membership_held_v1),
    FILE("events/motion.amended.v1.json", motion_amended_v1),
    FILE("events/motion.tabled.v1.json", motion_tabled_v1),
    FILE("events/motion.withdrawn.v1.json", motion_withdrawn_v1),
    FILE("events/payload.erased.v1.json", payload_erased_v1),
    FILE("events/relation.asserted.v1.json", relation_asserted_v1),
    FILE("events/role.held.v1.json", role_held_v1),
    FILE("events/rollcall.held.v1.json", rollcall_held_v1),
    FILE("events/source.captured.v1.json", source_captured_v1),
    FILE("events/sponsorship.declared.v1.json", sponsorship_declared_v1),
    FILE("events/stance.changed.v1.json", stance_changed_v1),
    FILE("events/statement.made.v1.json", statement_made_v1),
    FILE("events/topic.defined.v1.json", topic_defined_v1),
    FILE("events/topic.linked.v1.json", topic_linked_v1),
    FILE("events/topic.retired.v1.json", topic_retired_v1),
    FILE("events/vote.cast.v1.json", vote_cast_v1),
    FILE("answers/actor.v2.json", answer_actor_v2),
    FILE("answers/agreement-matrix.v2.json", answer_agreement_matrix_v2),
    FILE("answers/agreement-ranking.v2.json", answer_agreement_ranking_v2),
    FILE("answers/agreement.v2.json", answer_agreement_v2),
    FILE("answers/audit.v2.json", answer_audit_v2),
    FILE("answers/backup.v2.json", answer_backup_v2),
    FILE("answers/changes.v2.json", answer_changes_v2),
    FILE("answers/check-proof.v2.json", answer_check_proof_v2),
    FILE("answers/check.v2.json", answer_check_v2),
    FILE("answers/checkpoint.v2.json", answer_checkpoint_v2),
    FILE("answers/compare.v2.json", answer_compare_v2),
    FILE("answers/diff-record.v2.json", answer_diff_record_v2),
    FILE("answers/diff-stance.v2.json", answer_diff_stance_v2),
    FILE("answers/diff-world.v2.json", answer_diff_world_v2),
    FILE("answers/doctor.v2.json", answer_doctor_v2),
    FILE("answers/erase.v2.json", answer_erase_v2),
    FILE("answers/error.v2.json", answer_error_v2),
    FILE("answers/errors.v2.json", answer_errors_v2),
    FILE("answers/event.v2.json", answer_event_v2),
    FILE("answers/find.v2.json", answer_find_v2),
    FILE("answers/head.v2.json", answer_head_v2),
    FILE("answers/health.v2.json", answer_health_v2),
    FILE("answers/inclusion.v2.json", answer_inclusion_v2),
    FILE("answers/init.v2.json", answer_init_v2),
    FILE("answers/key.v2.json", answer_key_v2),
    FILE("answers/list.v2.json", answer_list_v2),
    FILE("answers/log.v2.json", answer_log_v2),
    FILE("answers/problem.v2.json", answer_problem_v2),
    FILE("answers/prove.v2.json", answer_prove_v2),
    FILE("answers/receipt.v2.json", answer_receipt_v2),
    FILE("answers/replay.v2.json", answer_replay_v2),
    FILE("answers/publish.v1.json", answer_publish_v1),
    FILE("answers/revisions.v1.json", answer_revisions_v1),
    FILE("answers/report.v2.json", answer_report_v2),
    FILE("answers/restore.v2.json", answer_restore_v2),
    FILE("answers/rollcall.v2.json", answer_rollcall_v2),
    FILE("answers/rollcalls.v2.json", answer_rollcalls_v2),
    FILE("answers/rules.v2.json", answer_rules_v2),
    FILE("answers/salvage.v2.json", answer_salvage_v2),
    FILE("answers/search.v2.json", answer_search_v2),
    FILE("answers/shares.v2.json", answer_shares_v2),
    FILE("answers/show.v2.json", answer_show_v2),
    FILE("answers/source.v2.json", answer_source_v2),
    FILE("answers/swings.v2.json", answer_swings_v2),
    FILE("answers/timeline.v2.json", answer_timeline_v2),
    FILE("answers/token.v2.json", answer_token_v2),
    FILE("answers/verify.v2.json", answer_verify_v2),
    FILE("answers/views.v2.json", answer_views_v2),
    FILE("mappings/parts/un-states.yaml", mapping_parts_un_states),
    FILE("mappings/un-votes.yaml", mapping_un_votes),
    FILE("mappings/undl.yaml", mapping_undl),
    FILE("mappings/unvotes.yaml", mapping_unvotes),
    FILE("mappings/voteview.yaml", mapping_voteview),
    FILE("Events/00-world.ndjson", record_00_world),
    FILE("Events/01-annexation-vote.ndjson", record_01_annexation_vote),
    FILE("Events/02-us-declines-to-co-sponsor.ndjson", record_02_us_declines_to_co_sponsor),
    FILE("Events/03-kremlin-praises-us.ndjson", record_03_kremlin_praises_us),
    FILE("Events/04-jerusalem-post.ndjson", record_04_jerusalem_post),
    FILE("Events/05-official-record.ndjson", record_05_official_record),
    FILE("Templates/report.html", template_report_html),
    FILE("Templates/report.md", template_report_md),
    FILE("Templates/site.css", template_site_css),
    FILE("Templates/site.js", template_site_js),
};

const struct annals_schema_file *const annals_schema_files = files;
const size_t annals_schema_file_count = sizeof files / sizeof files[0];
