/* advise_tree: the JSON of advice; docs/advice.md is its schema. Shares are fractions, days are texts. */
#include "cli/advise.h"

static void
put_bound(struct tree *tree, const char *key, const struct stats_bound *bound)
{
	tree_object(tree, key);
	tree_real(tree, "share", bound->share);
	tree_real(tree, "effective", bound->effective);
	tree_real(tree, "upper", bound->upper);
	tree_object_end(tree);
}

static void
put_window(struct tree *tree, const struct advised *advised)
{
	const struct advice *advice = advised->advice;
	bool known = advice->verdict != VERDICT_NO_DATA;

	tree_object(tree, "window");
	tree_day(tree, "since", advice->first, known);
	tree_day(tree, "until", advice->last, known);
	tree_count(tree, "reporters", advice->reporters);
	tree_count(tree, "legitimate", advice->legitimate);
	tree_count(tree, "failing", advice->failing);
	tree_count(tree, "review", advice->review);
	tree_count(tree, "lists", advice->lists);
	tree_count(tree, "spoofed", advice->spoofed);
	tree_real(tree, "confidence", advised->confidence);
	tree_count(tree, "days", (uint64_t)advice->days);
	put_bound(tree, "pessimistic", &advice->bound);
	put_bound(tree, "optimistic", &advice->optimistic);
	put_bound(tree, "repaired", &advice->repaired);
	tree_real(tree, "unseen", advice->unseen);
	tree_count(tree, "covers_days", advice->covers < 0 ? 0 : (uint64_t)advice->covers);
	tree_object_end(tree);
}

static void
put_gates(struct tree *tree, const struct advice *advice)
{
	const struct advice_gate *gate;
	size_t i;

	tree_array(tree, "gates");
	for (i = 0; i < advice->gate_count; i++) {
		gate = &advice->gates[i];
		tree_object(tree, NULL);
		tree_text(tree, "code", str_of(advice_code_word(gate->code)));
		tree_text(tree, "text", gate->text);
		tree_real(tree, "value", gate->value);
		tree_real(tree, "limit", gate->limit);
		tree_text(tree, "must_be", str_of(gate->at_least ? "at least" : "at most"));
		tree_text(tree, "unit", str_of(gate->is_share ? "share" : "count"));
		tree_flag(tree, "ok", gate->ok);
		tree_flag(tree, "warns", gate->warns);
		tree_object_end(tree);
	}
	tree_array_end(tree);
}

/* An empty text says that there is none. */
static struct str
or_null(struct str text)
{
	return text.len > 0 ? text : (struct str){NULL, 0};
}

static void
put_refusals(struct tree *tree, const struct advice *advice)
{
	const struct advice_refusal *refusal;
	size_t i;

	tree_array(tree, "refusals");
	for (i = 0; i < advice->refusal_count; i++) {
		refusal = &advice->refusals[i];
		tree_object(tree, NULL);
		tree_text(tree, "code", str_of(advice_code_word(refusal->code)));
		tree_text(tree, "source", or_null(refusal->subject));
		tree_count(tree, "messages", refusal->messages);
		tree_real(tree, "messages_per_week", refusal->per_week);
		tree_real(tree, "share", refusal->share);
		tree_text(tree, "text", refusal->text);
		tree_text(tree, "fix", or_null(refusal->fix));
		tree_text(tree, "command", or_null(refusal->command));
		tree_array(tree, "commands");
		if (refusal->command.len > 0)
			tree_text(tree, NULL, refusal->command);
		if (refusal->otherwise.len > 0)
			tree_text(tree, NULL, refusal->otherwise);
		tree_array_end(tree);
		tree_text(tree, "evidence", or_null(refusal->evidence));
		tree_day(tree, "earliest", refusal->earliest, refusal->earliest > 0);
		tree_flag(tree, "warns", refusal->warns);
		tree_flag(tree, "hit", refusal->hit);
		tree_object_end(tree);
	}
	tree_array_end(tree);
}

static void
put_names(struct tree *tree, const struct advice *advice)
{
	const struct advice_name *name;
	size_t i;

	tree_array(tree, "below");
	for (i = 0; i < advice->name_count; i++) {
		name = &advice->names[i];
		tree_object(tree, NULL);
		tree_text(tree, "name", advice->mail->names[name->name].domain);
		tree_text(tree, "verdict", str_of(advice_verdict_word(name->verdict)));
		tree_count(tree, "messages", name->messages);
		tree_real(tree, "failing", name->failing);
		tree_text(tree, "text", or_null(name->text));
		tree_text(tree, "code",
		    str_of(name->text.len > 0 && name->verdict != VERDICT_NO_DATA
			       ? advice_code_word(name->code)
			       : NULL));
		tree_text(tree, "fix", or_null(name->fix));
		tree_text(tree, "evidence", or_null(name->evidence));
		tree_object_end(tree);
	}
	tree_array_end(tree);
	tree_array(tree, "notes");
	for (i = 0; i < advice->note_count; i++)
		tree_text(tree, NULL, advice->notes[i]);
	tree_array_end(tree);
}

static void
put_changes(
    struct tree *tree, const char *key, const struct advice_change *changes, size_t count, bool repairs)
{
	size_t i;

	tree_array(tree, key);
	for (i = 0; i < count; i++) {
		tree_object(tree, NULL);
		tree_text(tree, "source", changes[i].source);
		tree_text(tree, "to", str_of(advise_change_word(changes[i].to)));
		if (repairs)
			tree_flag(tree, "asks", changes[i].asks);
		tree_object_end(tree);
	}
	tree_array_end(tree);
}

static void
put_impact(struct tree *tree, const struct advised *advised)
{
	const struct advice_impact *row;
	size_t i;

	tree_array(tree, "impact");
	for (i = 0; i < advised->impact_count; i++) {
		row = &advised->impact[i];
		tree_object(tree, NULL);
		tree_text(tree, "source", advised->advice->mail->sources[row->source].name);
		tree_text(tree, "class", str_of(mail_class_word(row->class)));
		tree_flag(tree, "legitimate", row->legitimate);
		tree_count(tree, "messages", row->messages);
		tree_count(tree, "hit_by_p", row->domain);
		tree_count(tree, "hit_by_sp", row->below);
		tree_count(tree, "hit_if_strict", row->strict);
		tree_object_end(tree);
	}
	tree_array_end(tree);
}

static struct str
policy_or_null(enum advice_policy policy)
{
	return str_of(policy != POLICY_UNTOLD ? advice_policy_word(policy) : NULL);
}

void
advise_tree(struct tree *tree, const struct advised *advised)
{
	const struct advice *advice = advised->advice;
	bool known = advice->verdict != VERDICT_NO_DATA;

	tree_object(tree, NULL);
	tree_text(tree, "domain", advice->domain);
	tree_text(tree, "verdict", str_of(advice_verdict_word(advice->verdict)));
	tree_text(tree, "from", str_of(known ? advice_policy_word(advice->from) : NULL));
	tree_text(tree, "to", str_of(known ? advice_policy_word(advice->to) : NULL));
	tree_text(tree, "sp_from", policy_or_null(advice->below_from));
	tree_text(tree, "sp_to", policy_or_null(advice->below_to));
	tree_text(tree, "record", or_null(advice->record));
	tree_text(tree, "seen", or_null(advice->seen));
	tree_day(tree, "as_of", advice->mail->span.as_of, true);
	tree_day(tree, "earliest", advice->earliest, advice->earliest > 0);
	tree_flag(tree, "small", advice->small);
	put_window(tree, advised);
	put_gates(tree, advice);
	put_refusals(tree, advice);
	put_names(tree, advice);
	put_changes(tree, "what_if", advised->changes, advised->change_count, false);
	if (advised->has_repairs) {
		put_changes(tree, "repairs", advised->repairs, advised->repair_count, true);
		tree_flag(tree, "repairs_enough", advised->enough);
	}
	if (advised->has_impact)
		put_impact(tree, advised);
	tree_object_end(tree);
}
