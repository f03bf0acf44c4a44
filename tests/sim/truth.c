/*
 * What nobody in life knows: how much of the mail that the owner's senders send, to all receivers, a policy
 * hits. What breaks, or begins to send, after the day that is asked about is left out: nothing could tell of
 * it, and stepping back is for that. Summed up once per sender and state, so that every day can be asked for.
 */
#include "base/mem.h"
#include "sim/world.h"

enum { WEEK = 7 };

static const struct tally *
tally_of(struct world *world, size_t index, enum state state)
{
	struct entity *entity = &world->entity[index];
	struct tally *tally = entity->tally[state];

	if (tally)
		return tally;
	tally = mem_zero(1, sizeof(*tally));
	entity->tally[state] = tally;
	for (int day = 0; day < SIM_ALL; day++) {
		struct counts counts = entity_day(world, index, day, state);
		uint64_t lost = 0;
		for (int look = LOOK_PASSES; look < LOOKS; look++)
			if (look != LOOK_LIST)
				lost += counts.look[look];
		tally->sent[day + 1] = tally->sent[day] + (double)counts.sent;
		tally->lost[day + 1] = tally->lost[day] + (double)lost;
		tally->lists[day + 1] = tally->lists[day] + (double)counts.look[LOOK_LIST];
	}
	return tally;
}

static struct loss
shares(double sent, double lost, double lists)
{
	return sent > 0 ? (struct loss){lost / sent, lists / sent} : (struct loss){0, 0};
}

struct loss
truth_ahead(struct world *world, int day, enum advice_policy p, enum advice_policy sp)
{
	double sent = 0, lost = 0, lists = 0;

	for (size_t i = 0; i < world->entity_count; i++) {
		const struct entity *entity = &world->entity[i];
		const struct tally *tally;
		int from = day + 1, to = day + 1 + SIM_AHEAD;
		if (!entity_legitimate(entity) || entity->start > day)
			continue;
		tally = tally_of(world, i, entity_state(entity, day));
		sent += tally->sent[to] - tally->sent[from];
		if ((entity->below ? sp : p) == POLICY_NONE)
			continue;
		lost += tally->lost[to] - tally->lost[from];
		lists += tally->lists[to] - tally->lists[from];
	}
	return shares(sent, lost, lists);
}

struct loss
truth_past(struct world *world, int day, int days, enum advice_policy p, enum advice_policy sp)
{
	double sent = 0, lost = 0, lists = 0;

	for (size_t i = 0; i < world->entity_count; i++) {
		const struct entity *entity = &world->entity[i];
		if (!entity_legitimate(entity))
			continue;
		for (int at = day - days + 1; at <= day; at++) {
			const struct tally *tally;
			if (at < 0)
				continue;
			tally = tally_of(world, i, entity_state(entity, at));
			sent += tally->sent[at + 1] - tally->sent[at];
			if ((entity->below ? sp : p) == POLICY_NONE)
				continue;
			lost += tally->lost[at + 1] - tally->lost[at];
			lists += tally->lists[at + 1] - tally->lists[at];
		}
	}
	return shares(sent, lost, lists);
}

double
truth_named(
    struct world *world, int day, enum advice_policy p, enum advice_policy sp, const bool named[SIM_ENTITIES])
{
	double lost = 0, of_named = 0;

	for (size_t i = 0; i < world->entity_count; i++) {
		const struct entity *entity = &world->entity[i];
		if (!entity_legitimate(entity) || (entity->below ? sp : p) == POLICY_NONE)
			continue;
		for (int at = day < WEEK ? 0 : day - WEEK + 1; at <= day; at++) {
			const struct tally *tally = tally_of(world, i, entity_state(entity, at));
			double hit = tally->lost[at + 1] - tally->lost[at];
			lost += hit;
			of_named += named[i] ? hit : 0;
		}
	}
	return lost > 0 ? of_named / lost : 0;
}
