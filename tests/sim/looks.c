/*
 * What receivers write of one message of a sender: a profile for each look, made once per sender, look and
 * policy. To add a look: its name in world.h, a line in the table.
 */
#include "sim/world.h"

#include <stdio.h>
#include <string.h>

/* Whose domain a result is about. */
enum whose { NOBODY, OWN, SENDER, WAY };

static const struct {
	const char *dkim, *spf; /* policy_evaluated */
	enum whose signer;      /* of the first signature */
	const char *signature;
	bool signs; /* the sender's own signature passes beside it */
	enum whose path;
	const char *result;
} looks[LOOKS] = {
    [LOOK_FULL] = {"pass", "pass", OWN, "pass", false, OWN, "pass"},
    [LOOK_FULL_ESP] = {"pass", "pass", OWN, "pass", true, OWN, "pass"},
    [LOOK_DKIM_ESP] = {"pass", "fail", OWN, "pass", true, SENDER, "pass"},
    [LOOK_DKIM_PERM] = {"pass", "fail", OWN, "pass", false, OWN, "permerror"},
    [LOOK_SPF] = {"fail", "pass", NOBODY, "", false, OWN, "pass"},
    [LOOK_SPF_BADKEY] = {"fail", "pass", OWN, "fail", false, OWN, "pass"},
    [LOOK_FORWARDED] = {"pass", "fail", OWN, "pass", false, WAY, "pass"},
    [LOOK_FORWARDED_PLAIN] = {"pass", "fail", OWN, "pass", false, OWN, "softfail"},
    [LOOK_UNALIGNED] = {"fail", "fail", NOBODY, "", true, SENDER, "pass"},
    [LOOK_BROKEN_OWN] = {"fail", "fail", OWN, "fail", false, OWN, "softfail"},
    [LOOK_BROKEN_ESP] = {"fail", "fail", OWN, "fail", true, SENDER, "pass"},
    [LOOK_BROKEN_SPF] = {"fail", "fail", NOBODY, "", false, OWN, "softfail"},
    [LOOK_PERM] = {"fail", "fail", NOBODY, "", false, OWN, "permerror"},
    [LOOK_TEMP] = {"fail", "fail", OWN, "temperror", false, OWN, "temperror"},
    [LOOK_DAMAGED] = {"fail", "fail", OWN, "fail", false, WAY, "pass"},
    [LOOK_DAMAGED_PLAIN] = {"fail", "fail", OWN, "fail", false, OWN, "softfail"},
    [LOOK_UNSIGNED] = {"fail", "fail", NOBODY, "", false, OWN, "softfail"},
    [LOOK_LIST] = {"fail", "fail", OWN, "fail", false, WAY, "pass"},
    [LOOK_SPOOF] = {"fail", "fail", NOBODY, "", false, OWN, "softfail"},
    [LOOK_SPOOF_SPF] = {"fail", "fail", NOBODY, "", false, SENDER, "pass"},
    [LOOK_SPOOF_DKIM] = {"fail", "fail", OWN, "fail", false, OWN, "softfail"},
    [LOOK_SPOOF_BOTH] = {"fail", "fail", OWN, "fail", false, SENDER, "pass"},
};

static struct str
domain_of(const struct world *world, const struct entity *entity, enum whose whose, bool list)
{
	switch (whose) {
	case OWN:
		return str_of(entity->below ? "news.example.com" : "example.com");
	case WAY:
		return str_of(world->entity[list ? entity->list : entity->forwarder].domain);
	default:
		return str_of(entity->domain);
	}
}

static void
add(struct profile *profile, struct detail detail)
{
	profile->details[profile->count++] = detail;
}

static void
results(struct world *world, struct profile *profile, struct entity *entity, enum look look, bool told_list)
{
	bool list = look == LOOK_LIST;

	profile->details = arena_zero(&world->arena, 4 * sizeof(*profile->details));
	if (told_list)
		add(profile, (struct detail){.kind = DETAIL_REASON, .a = str_of("mailing_list")});
	if (looks[look].signer != NOBODY)
		add(profile, (struct detail){.kind = DETAIL_DKIM,
				 .a = domain_of(world, entity, looks[look].signer, false),
				 .b = str_of(entity->selector),
				 .result = str_of(looks[look].signature)});
	if (looks[look].signs && entity->role == ROLE_SERVICE)
		add(profile, (struct detail){.kind = DETAIL_DKIM,
				 .a = domain_of(world, entity, SENDER, false),
				 .b = str_of("s1"),
				 .result = str_of("pass")});
	add(profile, (struct detail){.kind = DETAIL_SPF,
			 .a = domain_of(world, entity, looks[look].path, list),
			 .b = str_of("mfrom"),
			 .result = str_of(looks[look].result)});
}

static const char *
disposition(enum look look, enum advice_policy p, bool told_list)
{
	if (look < LOOK_PASSES || told_list || p == POLICY_NONE)
		return "none";
	return p == POLICY_QUARANTINE ? "quarantine" : "reject";
}

const struct mail_facts *
look_facts(struct world *world, struct entity *entity, enum look look, enum advice_policy p, bool told_list)
{
	const struct mail_facts **kept = &entity->facts[look][told_list ? 3 : p];
	struct mail_facts *facts;
	struct profile *profile;

	if (*kept)
		return *kept;
	profile = arena_zero(&world->arena, sizeof(*profile));
	facts = arena_zero(&world->arena, sizeof(*facts));
	profile->field[PROFILE_HEADER_FROM] = domain_of(world, entity, OWN, false);
	profile->field[PROFILE_ENVELOPE_FROM] = domain_of(world, entity, looks[look].path, look == LOOK_LIST);
	profile->field[PROFILE_DISPOSITION] = str_of(disposition(look, p, told_list));
	profile->field[PROFILE_DKIM] = str_of(looks[look].dkim);
	profile->field[PROFILE_SPF] = str_of(looks[look].spf);
	results(world, profile, entity, look, told_list);
	mail_facts(facts, world->senders, profile, (struct modes){false, false});
	*kept = facts;
	return facts;
}
