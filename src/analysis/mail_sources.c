/* mail_sources: whose a row is: sources, names, and the owner's decisions. */
#include "analysis/mailing.h"

#include "analysis/sources.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { SALT_PAIR = 1 /* of mail_hash, with the source above it */ };

/* ---- sources and names ---- */

static uint32_t
add_source(struct mail *mail, const struct mail_source *source)
{
	mail->sources = mem_room(mail->sources, &mail->source_cap, mail->source_count, sizeof *mail->sources);
	mail->trust = mem_room(mail->trust, &mail->trust_cap, mail->source_count, sizeof *mail->trust);
	mail->trust[mail->source_count] = (struct mail_trust){{0}, {0}};
	mail->sources[mail->source_count] = *source;
	mail->sources[mail->source_count].first = INT64_MAX;
	mail->sources[mail->source_count].last = INT64_MIN;
	return (uint32_t)mail->source_count++;
}

uint32_t
mail_other_source(struct mail *mail)
{
	if (mail->other_source == UINT32_MAX)
		mail->other_source = add_source(mail, &(struct mail_source){.is_address = true});
	return mail->other_source;
}

uint32_t
mail_other_name(struct mail *mail)
{
	if (mail->other_name == UINT32_MAX) {
		mail->names = mem_room(mail->names, &mail->name_cap, mail->name_count, sizeof *mail->names);
		mail->names[mail->name_count] = (struct mail_name){{NULL, 0}, false};
		mail->other_name = (uint32_t)mail->name_count++;
	}
	return mail->other_name;
}

/* The entries behind an intern are in the order of its numbers, save that of all others. */
static uint32_t
entry(int64_t number, uint32_t other)
{
	uint32_t at = (uint32_t)number - 1;

	return at >= other ? at + 1 : at;
}

/* A record that doesn't say counts for the domain. */
uint32_t
mail_name(struct mail *mail, struct str header_from)
{
	struct str name = header_from.len > 0 ? header_from : mail->domain;
	int64_t number = intern_find(&mail->name_texts, name);
	bool is_domain = str_same(name, mail->domain);

	if (number > 0)
		return entry(number, mail->other_name);
	if (mail->name_texts.count >= mail->span.most && !is_domain)
		return mail_other_name(mail);
	number = intern_number(&mail->name_texts, name);
	mail->names = mem_room(mail->names, &mail->name_cap, mail->name_count, sizeof *mail->names);
	mail->names[mail->name_count++] =
	    (struct mail_name){intern_text(&mail->name_texts, number), is_domain};
	return entry(number, mail->other_name);
}

/* What names a row, before it is known whether it has an entry. */
struct naming {
	char bytes[MAIL_KEY];
	struct str key;
	struct mail_source source; /* without a name where only an address has one */
};

/* A tenant that nothing shows to be the owner's has a name of its own, or it would hide behind the owner's.
 */
static bool
is_foreign(const struct mail *mail, const struct mail_row *row)
{
	return row->facts->outcome == OUTCOME_FAIL && row->facts->tenant.data != NULL &&
	       !row->facts->tenant_named && !mail_tenant_own(mail, row);
}

static void
name_tenant(struct naming *naming, const struct mail *mail, const struct mail_row *row)
{
	struct str name = row->facts->tenant;
	enum mail_decision decision = mail_decision_of(mail, mail_decided(mail, 's', name.data, name.len));
	enum mail_decision of_all =
	    mail_decision_of(mail, mail_decided(mail, 's', row->facts->source.data, row->facts->source.len));

	naming->source = (struct mail_source){.name = name,
	    .decision = decision == DECISION_NONE && of_all == DECISION_NOT_OURS ? of_all : decision};
	naming->key = mail_key(naming->bytes, 's', name.data, name.len);
}

/* The number of the decision about the address of a row; 0: none is. */
static size_t
decided_address(const struct mail *mail, const struct mail_row *row)
{
	size_t number = mail_decided_address(mail, row->ip);

	if (number == 0 || !mail->decisions[number - 1].is_network ||
	    mail_decision_of(mail, number) == DECISION_OURS)
		return number;
	return mail_passes_by_spf(mail, row) ? 0 : number;
}

static void
name_row(struct naming *naming, const struct mail *mail, const struct mail_row *row)
{
	const struct mail_facts *facts = row->facts;
	struct str base = facts->source.data != NULL ? facts->source : row->ip_text;
	size_t of_name =
	    facts->source.data != NULL || row->ip == NULL ? mail_decided(mail, 's', base.data, base.len) : 0;
	size_t of_address = decided_address(mail, row);

	if (facts->source.data != NULL && of_address == 0 && is_foreign(mail, row)) {
		name_tenant(naming, mail, row);
		return;
	}
	naming->source = (struct mail_source){.decision = mail_decision_of(mail, of_name)};
	if (of_address > 0 &&
	    (facts->source.data == NULL || mail_decision_of(mail, of_address) != naming->source.decision)) {
		naming->source = (struct mail_source){.name = mail->decisions[of_address - 1].text,
		    .decision = mail_decision_of(mail, of_address),
		    .is_address = true};
		naming->key = mail_key(naming->bytes, 'd', naming->source.name.data, naming->source.name.len);
	} else if (facts->source.data != NULL) {
		naming->source.name = facts->source;
		naming->source.service = facts->service;
		naming->key = mail_key(naming->bytes, 's', base.data, base.len);
	} else if (row->ip != NULL) {
		naming->source.is_address = true;
		naming->key = mail_key(naming->bytes, 'p', row->ip, source_prefix(row->ip));
	} else {
		naming->source.name = row->ip_text;
		naming->source.is_address = true;
		naming->key = mail_key(naming->bytes, 't', row->ip_text.data, row->ip_text.len);
	}
}

static bool
has_room(const struct mail *mail, const struct mail_source *source, bool passes)
{
	if (mail->source_count >= MAIL_FEW * mail->span.most)
		return false;
	if (passes || source->service != NULL || source->decision != DECISION_NONE)
		return true;
	return (source->is_address ? mail->address_count : mail->name_sources) < mail->span.most;
}

static uint32_t
new_source(struct mail *mail, struct naming *naming, const struct mail_row *row)
{
	char subnet[SUBNET_TEXT];
	struct mail_source *source = &naming->source;

	if (source->name.data == NULL && row->ip != NULL) {
		source->name.len = source_subnet(subnet, row->ip);
		source->name.data = subnet;
	}
	source->name = arena_str(&mail->arena, source->name.data != NULL ? source->name : str_of("?"));
	if (source->is_address)
		mail->address_count++;
	else
		mail->name_sources++;
	(void)intern_number(&mail->source_keys, naming->key);
	return add_source(mail, source);
}

struct mail_place
mail_place(struct mail *mail, const struct mail_row *row, bool passes)
{
	struct naming naming;
	struct mail_place place;
	int64_t number;

	name_row(&naming, mail, row);
	if (naming.source.name.data == NULL && !passes &&
	    (place.source = mail_owner(mail, row)) != UINT32_MAX) {
		place.decision = mail->sources[place.source].decision;
		place.unnamed = true;
		return place;
	}
	place.decision = naming.source.decision;
	place.unnamed = false;
	number = intern_find(&mail->source_keys, naming.key);
	if (number > 0)
		place.source = entry(number, mail->other_source);
	else if (has_room(mail, &naming.source, passes))
		place.source = new_source(mail, &naming, row);
	else
		place.source = mail_other_source(mail);
	return place;
}

const struct mail_trust *
mail_trust_of(const struct mail *mail, struct str name)
{
	char key[MAIL_KEY];
	int64_t number = 0;

	if (name.data != NULL)
		number = intern_find(&mail->source_keys, mail_key(key, 's', name.data, name.len));
	return number == 0 ? NULL : &mail->trust[entry(number, mail->other_source)];
}

struct str
mail_source_text(const struct mail_source *source)
{
	bool is_one = source->is_address && source->decision == DECISION_NONE && source->address.data != NULL;

	return is_one ? source->address : source->name;
}

/* ---- what is there ---- */

void
mail_saw_source(struct mail *mail, uint32_t number, int64_t day)
{
	struct mail_source *source = &mail->sources[number];

	source->first = day < source->first ? day : source->first;
	source->last = day > source->last ? day : source->last;
}

static bool
is_for_others(enum mail_class kind)
{
	return kind == MAIL_SERVICE || kind == MAIL_TENANT || kind == MAIL_UNKNOWN;
}

void
mail_seen(struct mail *mail, uint32_t number, const struct mail_row *row, enum mail_class class)
{
	struct mail_source *source = &mail->sources[number];
	struct mail_address *address;
	char key[MAIL_KEY];
	struct str bytes = mail_address_key(key, row);
	size_t all = MAIL_MANY * mail->span.most; /* half of them at most for all others together */
	int64_t pair = mail_hash(mail, ((uint64_t)number << 2) + SALT_PAIR, bytes.data, bytes.len), known;

	if (is_for_others(class) && (address = mail_find_address(mail, row)) != NULL)
		address->unaligned = true;
	if (intmap_get(&known, &mail->pairs, pair))
		return;
	if (source->addresses >= (number == mail->other_source ? all / 2 : MAIL_ADDRESSES) ||
	    mail->pairs.count >= all) {
		source->more_addresses = true;
		source->addresses = source->addresses > 0 ? source->addresses : 1;
		return;
	}
	intmap_put(&mail->pairs, pair, 1);
	source->addresses++;
	source->address =
	    source->addresses == 1 ? arena_str(&mail->arena, row->ip_text) : (struct str){NULL, 0};
}

void
mail_sources_close(struct mail *mail)
{
	size_t i;

	for (i = 0; i < mail->source_count; i++)
		mail->sources[i].passed = mail_is_sure(mail, &mail->trust[i].passes);
	for (i = 0; i < mail->addresses.count; i++)
		if (mail->address[i].spf_source != UINT32_MAX && mail->address[i].unaligned)
			mail->sources[mail->address[i].spf_source].shared = true;
	intmap_free(&mail->pairs);
}

void
mail_sources_free(struct mail *mail)
{
	intern_free(&mail->decided);
	intern_free(&mail->source_keys);
	intern_free(&mail->name_texts);
	intmap_free(&mail->pairs);
	free(mail->decisions);
	free(mail->sources);
	free(mail->names);
}
