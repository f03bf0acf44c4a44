/* advice_impact: what would have happened to each sender's mail, class by class, in the window of rates. */
#include "analysis/advice_work.h"

#include <stdlib.h>

/* Saturates: what a forged report makes of a sum is wrong for one line alone. */
static void
add_to(uint64_t *sum, uint64_t value)
{
	*sum = *sum > UINT64_MAX - value ? UINT64_MAX : *sum + value;
}

static void
add_flow(struct advice_impact *row, const struct mail_view *mail, const struct mail_flow *flow)
{
	bool passes = (flow->flags & FLOW_PASS) != 0;

	add_to(&row->messages, flow->recent);
	if (passes && !(flow->flags & (FLOW_STRICT_DKIM | FLOW_STRICT_SPF)))
		add_to(&row->strict, flow->recent);
	if (passes || flow->class == MAIL_UNTOLD)
		return;
	add_to(mail->names[flow->name].is_domain ? &row->domain : &row->below, flow->recent);
}

static int
by_loss(const void *a, const void *b)
{
	const struct advice_impact *left = a, *right = b;
	uint64_t left_loss = left->domain, right_loss = right->domain;

	add_to(&left_loss, left->below);
	add_to(&right_loss, right->below);
	if (left->legitimate != right->legitimate)
		return left->legitimate ? -1 : 1;
	if (left_loss != right_loss)
		return left_loss < right_loss ? 1 : -1;
	if (left->messages != right->messages)
		return left->messages < right->messages ? 1 : -1;
	if (left->source != right->source)
		return left->source < right->source ? -1 : 1;
	return (int)left->class - (int)right->class;
}

static bool
is_legitimate(const struct book *book, const struct mail_flow *flow)
{
	enum pot pot = pot_of(flow, book->treats[flow->source]);

	return pot == POT_PASS || pot == POT_FAIL;
}

size_t
advice_impact(struct advice_impact **rows, const struct mail_view *mail, struct arena *arena)
{
	struct advice_impact *found[MAIL_CLASSES] = {NULL};
	struct book book;
	size_t i, class, count = 0;

	book_open(&book, mail, arena);
	*rows = arena_zero(arena, (mail->flow_count + 1) * sizeof **rows);
	for (i = 0; i < book.all.count; i++) {
		const struct mail_flow *flow = &mail->flows[book.all.flows[i]];

		for (class = 0; i > 0 && class < MAIL_CLASSES; class ++)
			if (found[class] != NULL && found[class]->source != flow->source)
				found[class] = NULL;
		if (flow->recent == 0)
			continue;
		if (found[flow->class] == NULL) {
			found[flow->class] = &(*rows)[count++];
			*found[flow->class] = (struct advice_impact){.source = flow->source,
			    .class = flow->class,
			    .legitimate = is_legitimate(&book, flow)};
		}
		add_flow(found[flow->class], mail, flow);
	}
	qsort(*rows, count, sizeof **rows, by_loss);
	return count;
}
