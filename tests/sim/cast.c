/*
 * How senders, spoofers, reporters and owners usually are. The figures are chosen, not measured, and are
 * listed in docs/advice-simulation.md; a parameter is drawn for each domain.
 */
#include "sim/cast.h"

#include <stdio.h>
#include <string.h>

/* Domains in senders.tsv. */
static const struct {
	const char *domain, *name;
} services[] = {
    {"sendgrid.net", "Twilio SendGrid"},
    {"mailgun.org", "Mailgun"},
    {"amazonses.com", "Amazon SES"},
    {"mandrillapp.com", "Mailchimp Transactional (Mandrill)"},
    {"zendesk.com", "Zendesk"},
    {"klaviyomail.com", "Klaviyo"},
    {"shopifyemail.com", "Shopify"},
    {"pm.mtasv.net", "Postmark"},
};
enum { SERVICES = sizeof(services) / sizeof(services[0]) };

/* org, share of all mail, days with a report of all days, days until it comes, whether it tells of lists */
static const struct reporter reporters[] = {
    {"google.com", .35, .99, 0, true, SIM_NEVER, SIM_NEVER, true},
    {"Outlook.com", .15, .97, 1, true, SIM_NEVER, SIM_NEVER, false},
    {"Enterprise Outlook", .12, .96, 1, true, SIM_NEVER, SIM_NEVER, false},
    {"Yahoo", .06, .98, 1, true, SIM_NEVER, SIM_NEVER, false},
    {"Fastmail", .01, .95, 0, true, SIM_NEVER, SIM_NEVER, true},
    {"mail.example.net", .03, .90, 1, true, SIM_NEVER, SIM_NEVER, false},
    {"mx.example.org", .01, .60, 2, true, SIM_NEVER, SIM_NEVER, false},
    {"gateway.example.net", .005, .30, 2, false, SIM_NEVER, SIM_NEVER, false},
};
enum { REPORTERS = sizeof(reporters) / sizeof(reporters[0]) };

static struct entity *
entity_new(struct world *world, enum role role, const char *domain)
{
	struct entity *entity = &world->entity[world->entity_count++];

	*entity = (struct entity){.role = role,
	    .turn = SIM_NEVER,
	    .back = SIM_NEVER,
	    .fixed = SIM_NEVER,
	    .end = SIM_NEVER,
	    .turned_share = 1,
	    .address_count = 1};
	snprintf(entity->domain, sizeof(entity->domain), "%s", domain);
	return entity;
}

double
cast_volume(const struct world *world)
{
	double sum = 0;

	for (size_t i = 0; i < world->entity_count; i++) {
		const struct entity *entity = &world->entity[i];
		if (entity_legitimate(entity))
			sum += entity->period ? entity->volume / entity->period : entity->volume;
	}
	return sum;
}

struct entity *
cast_sender(struct world *world, struct draw *draw, enum role role, enum mode mode, double share)
{
	char domain[SIM_NAME];
	double volume = cast_volume(world) * share / (1 - share);
	struct entity *entity;

	snprintf(domain, sizeof(domain), role == ROLE_OWN ? "example.com" : "agency%zu.example",
	    world->entity_count);
	entity = entity_new(world, role, domain);
	entity->volume = volume;
	entity->mode = entity->turned = entity->repaired = mode;
	entity->residual = draw_scale(draw, .00002, .001);
	entity->intra = draw_range(draw, 0, .1);
	entity->temporary = draw_scale(draw, .00002, .0005);
	entity->forwarded = draw_scale(draw, .0005, .01);
	entity->kept = draw_range(draw, .9, 1);
	entity->rewritten = draw_range(draw, .3, 1);
	entity->forwarder = 0;
	entity->list = 1;
	entity->address_count = (size_t)draw_whole(draw, 1, 3);
	snprintf(entity->selector, sizeof(entity->selector), role == ROLE_OWN ? "mail" : "k%zu",
	    world->entity_count);
	if (role != ROLE_OWN)
		entity->repaired = MODE_DKIM_ESP;
	return entity;
}

struct entity *
cast_service(struct world *world, struct draw *draw, bool aligned, double least, double most)
{
	size_t before = 0, which;
	struct entity *entity;

	for (size_t i = 0; i < world->entity_count; i++)
		before += world->entity[i].role == ROLE_SERVICE;
	which = (world->seed + before) % SERVICES;
	entity = cast_sender(world, draw, ROLE_SERVICE, MODE_UNALIGNED, draw_scale(draw, least, most));
	snprintf(entity->domain, sizeof(entity->domain), "%s", services[which].domain);
	entity->service = services[which].name;
	entity->repaired = draw_chance(draw, .6) ? MODE_DKIM_ESP : MODE_FULL_ESP;
	entity->forwarded /= 4;
	if (aligned)
		entity->mode = entity->turned = entity->repaired;
	return entity;
}

void
cast_period(struct world *world, struct draw *draw, struct entity *entity, int days)
{
	(void)world;
	entity->volume *= days;
	entity->period = days;
	entity->phase = (int)draw_whole(draw, 0, days - 1);
}

void
cast_turn(struct draw *draw, struct entity *entity, enum mode turned)
{
	entity->turned = turned;
	entity->turn = (int)draw_whole(draw, 10, SIM_DAYS - 20);
	entity->turned_share = draw_chance(draw, .5) ? 1 : draw_range(draw, .2, 1);
	if (draw_chance(draw, .6))
		entity->back = entity->turn + (int)draw_whole(draw, 5, 60);
}

void
cast_waves(struct world *world, struct draw *draw, enum mode mode, int waves)
{
	double legitimate = cast_volume(world);

	for (int i = 0; i < waves && world->entity_count < SIM_ENTITIES; i++) {
		char domain[SIM_NAME];
		struct entity *entity;
		snprintf(domain, sizeof(domain), "throwaway%zu.example", world->entity_count);
		entity = entity_new(world, ROLE_SPOOFER, domain);
		entity->mode = mode;
		if (mode == MODE_UNALIGNED && draw_chance(draw, .2)) {
			/* An account of the spoofer's at a service that the owner does not use. */
			snprintf(entity->domain, sizeof(entity->domain), "sparkpostmail.com");
			entity->service = "SparkPost / Bird";
		}
		entity->volume = legitimate * draw_scale(draw, .01, 1000);
		entity->start = (int)draw_whole(draw, -20, SIM_DAYS - 10);
		entity->end = entity->start + (int)draw_scale(draw, 1, 120);
		if (i == 0 && draw_chance(draw, .33)) {
			/* One that never ends, and is of the size that wears on. */
			entity->start = 0;
			entity->end = SIM_NEVER;
			entity->volume = legitimate * draw_scale(draw, .01, 10);
		}
		entity->address_count = (size_t)draw_scale(draw, 1, 200);
		snprintf(
		    entity->selector, sizeof(entity->selector), draw_chance(draw, .5) ? "mail" : "default");
	}
}

/* Who comes by a forwarder and a list, as entities 0 and 1. */
static void
ways(struct world *world, struct draw *draw)
{
	static const struct {
		const char *domain, *service;
	} forwarders[] = {{"outlook.com", "Outlook.com (consumer)"}, {"forwarder.example", NULL},
	    {"alumni.example", NULL}},
	  lists[] = {{"googlegroups.com", "Google Groups"}, {"lists.example", NULL}, {"club.example", NULL}};
	int64_t forwarder = draw_whole(draw, 0, 2), list = draw_whole(draw, 0, 2);
	struct entity *entity;

	entity = entity_new(world, ROLE_FORWARDER, forwarders[forwarder].domain);
	entity->service = forwarders[forwarder].service;
	entity->address_count = 3;
	entity_new(world, ROLE_LIST, lists[list].domain)->service = lists[list].service;
}

static void
voices(struct world *world, struct draw *draw)
{
	bool verified = draw_chance(draw, .6);

	memcpy(world->reporter, reporters, sizeof(reporters));
	world->reporter_count = REPORTERS;
	for (size_t i = 0; i < world->reporter_count; i++) {
		struct reporter *by = &world->reporter[i];
		by->share *= draw_range(draw, .5, 1.3);
		by->diligence *= draw_range(draw, .97, 1);
		by->authentic = verified && by->authentic;
	}
}

void
cast_base(struct world *world, struct draw *draw, double least, double most)
{
	int own = (int)draw_whole(draw, 1, 3);
	double start = draw_unit(draw);

	ways(world, draw);
	voices(world, draw);
	for (int i = 0; i < own; i++) {
		struct entity *entity = cast_sender(world, draw, ROLE_OWN, MODE_FULL, 0);
		entity->volume = draw_scale(draw, least, most) / own;
		entity->repaired = MODE_FULL;
	}
	world->start = start < .6 ? POLICY_NONE : start < .85 ? POLICY_QUARANTINE : POLICY_REJECT;
	world->owner.reviews = draw_chance(draw, .75);
	world->owner.fixes = world->owner.reviews && draw_chance(draw, .67);
	world->owner.review_days = (int)draw_whole(draw, 1, 14);
	world->owner.fix_days = (int)draw_whole(draw, 3, 30);
}
