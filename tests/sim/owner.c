/*
 * The owner: answers truthfully whose it is where advice asks that, and repairs what it says is broken, after
 * some days; or does nothing.
 */
#include "base/mem.h"
#include "sim/world.h"

#include "analysis/sources.h"

#include <stdio.h>
#include <string.h>

static bool
has_address(const struct world *world, const struct entity *entity, struct str name)
{
	for (size_t i = 0; i < entity->address_count; i++) {
		const struct address *address = &world->addresses[entity->first_address + i];
		char subnet[SUBNET_TEXT];
		size_t len = source_subnet(subnet, address->ip);
		if (str_eq(name, address->text) || str_same(name, (struct str){subnet, len}))
			return true;
	}
	return false;
}

static bool
is_called(const struct world *world, const struct entity *entity, struct str name)
{
	if (entity->service && str_eq(name, entity->service))
		return true;
	if (str_eq(name, entity->domain) || has_address(world, entity, name))
		return true;
	return entity->role == ROLE_OWN && str_eq(name, "example.com");
}

/* Where only "not-ours" is asked for, what is the owner's is repaired, and not marked. */
static void
mark(struct world *world, const struct mail_source *source, bool ours, int day)
{
	struct mark made = {
	    .kind = "source", .decision = DECISION_NOT_OURS, .from = day + world->owner.review_days};

	struct str name = mail_source_text(source);

	if (source->is_address)
		made.kind = memchr(name.data, '/', name.len) ? "network" : "address";
	snprintf(made.source, sizeof(made.source), "%.*s", (int)name.len, name.data);
	for (size_t i = 0; i < world->mark_count; i++)
		if (strcmp(world->marks[i].source, made.source) == 0)
			return;
	for (size_t i = 0; i < world->entity_count; i++) {
		const struct entity *entity = &world->entity[i];
		if (!is_called(world, entity, name))
			continue;
		if (entity_legitimate(entity) && !ours)
			return;
		if (entity_legitimate(entity))
			made.decision = DECISION_OURS;
		else if (entity->role != ROLE_SPOOFER)
			made.decision = DECISION_FORWARDER;
		break;
	}
	world->marks = mem_grow(world->marks, (world->mark_count + 1) * sizeof(*world->marks));
	world->marks[world->mark_count++] = made;
}

static void
repair(struct world *world, struct str name, int day)
{
	for (size_t i = 0; i < world->entity_count; i++) {
		struct entity *entity = &world->entity[i];
		int from = day + world->owner.fix_days;
		bool ill = entity->mode != entity->repaired || entity_state(entity, day) == STATE_TURNED;
		if (entity_legitimate(entity) && ill && entity->fixed > from &&
		    is_called(world, entity, name))
			entity->fixed = from;
	}
}

/* Its fix has the command for "ours", too. */
static bool
asks_both(const struct advice_refusal *refusal)
{
	return refusal->hit || refusal->code == ADVICE_REVIEW || refusal->code == ADVICE_RECENCY ||
	       refusal->code == ADVICE_NEW_SOURCE;
}

static bool
blames(enum advice_code code)
{
	return code == ADVICE_SOURCE || code == ADVICE_RECENCY || code == ADVICE_SPF_ONLY;
}

void
owner_hears(bool named[SIM_ENTITIES], const struct world *world, const struct advice *advice,
    const struct mail_view *view)
{
	memset(named, 0, SIM_ENTITIES * sizeof(*named));
	for (size_t i = 0; i < advice->refusal_count; i++) {
		const struct advice_refusal *refusal = &advice->refusals[i];
		const struct mail_source *source = &view->sources[refusal->source];
		if (!refusal->has_source || !source->name.data)
			continue;
		for (size_t j = 0; j < world->entity_count; j++)
			named[j] = named[j] || is_called(world, &world->entity[j], source->name);
	}
}

void
owner_acts(struct world *world, const struct advice *advice, const struct mail_view *view, int day)
{
	for (size_t i = 0; i < advice->refusal_count; i++) {
		const struct advice_refusal *refusal = &advice->refusals[i];
		const struct mail_source *source;
		if (!refusal->has_source)
			continue;
		source = &view->sources[refusal->source];
		if (!source->name.data)
			continue;
		if (world->owner.reviews && refusal->asks)
			mark(world, source, asks_both(refusal), day);
		if (world->owner.fixes && blames(refusal->code))
			repair(world, mail_source_text(source), day);
	}
}
