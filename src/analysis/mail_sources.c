/* mail_sources: whose a row is: sources, names, the owner's decisions, and what is remembered of mail that
 * passed. */
#include "analysis/mailing.h"

#include "analysis/sources.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum {
	ADDRESS = 16,
	SALT_PAIR = 1, /* of mail_hash, with the source above it */
	SALT_KEY = 2,
	SALT_NET = 3,
};

/* ---- sources and names ---- */

static uint32_t
add_source(struct mail *mail, const struct mail_source *source)
{
	mail->sources =
	    mail_room(mail->sources, &mail->source_cap, mail->source_count, sizeof *mail->sources);
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
		mail->names = mail_room(mail->names, &mail->name_cap, mail->name_count, sizeof *mail->names);
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
	mail->names = mail_room(mail->names, &mail->name_cap, mail->name_count, sizeof *mail->names);
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

static void
name_row(struct naming *naming, const struct mail *mail, const struct mail_row *row)
{
	const struct mail_facts *facts = row->facts;
	struct str base = facts->source.data != NULL ? facts->source : row->ip_text;
	size_t of_name =
	    facts->source.data != NULL || row->ip == NULL ? mail_decided(mail, 's', base.data, base.len) : 0;
	size_t of_address = mail_decided_address(mail, row->ip);

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
	place.decision = naming.source.decision;
	number = intern_find(&mail->source_keys, naming.key);
	if (number > 0)
		place.source = entry(number, mail->other_source);
	else if (has_room(mail, &naming.source, passes))
		place.source = new_source(mail, &naming, row);
	else
		place.source = mail_other_source(mail);
	return place;
}

/* ---- memory ---- */

static struct str
address_key(char to[MAIL_KEY], const struct mail_row *row)
{
	if (row->ip != NULL)
		return mail_key(to, 'a', row->ip, ADDRESS);
	return mail_key(to, 't', row->ip_text.data, row->ip_text.len);
}

static struct mail_address *
find_address(const struct mail *mail, const struct mail_row *row)
{
	char key[MAIL_KEY];
	int64_t number = intern_find(&mail->addresses, address_key(key, row));

	return number == 0 ? NULL : &mail->address[number - 1];
}

static struct mail_address *
get_address(struct mail *mail, const struct mail_row *row)
{
	struct mail_address *address = find_address(mail, row);
	char key[MAIL_KEY];

	if (address != NULL || mail->addresses.count >= MAIL_MANY * mail->span.most)
		return address;
	mail->address =
	    mail_room(mail->address, &mail->address_cap, mail->addresses.count, sizeof *mail->address);
	address = &mail->address[mail->addresses.count];
	*address = (struct mail_address){0};
	(void)intern_number(&mail->addresses, address_key(key, row));
	return address;
}

/* The key of the domain's own signature; 0: there is none. */
static int64_t
own_key(const struct mail *mail, const struct mail_facts *facts)
{
	char bytes[2 * MAIL_KEY];
	size_t domain, selector;

	if (facts->own_domain.data == NULL)
		return 0;
	domain = facts->own_domain.len < MAIL_KEY ? facts->own_domain.len : MAIL_KEY - 1;
	selector = facts->own_selector.len < MAIL_KEY ? facts->own_selector.len : MAIL_KEY - 1;
	memcpy(bytes, facts->own_domain.data, domain);
	bytes[domain] = '\0';
	memcpy(bytes + domain + 1, facts->own_selector.data, selector);
	return mail_hash(mail, SALT_KEY, bytes, domain + 1 + selector);
}

static void
remember(struct mail *mail, struct intmap *map, int64_t key)
{
	int64_t known;

	if (!intmap_get(&known, map, key) && map->count < MAIL_MANY * mail->span.most)
		intmap_put(map, key, 1);
}

/* Only the smallest are kept, so that the order of rows makes no difference. */
static void
add_key(struct mail_address *address, uint64_t key)
{
	size_t i, k;

	for (i = 0; i < MAIL_KEYS && address->keys[i] != 0 && address->keys[i] <= key; i++)
		if (address->keys[i] == key)
			return;
	if (i == MAIL_KEYS)
		return;
	for (k = MAIL_KEYS - 1; k > i; k--)
		address->keys[k] = address->keys[k - 1];
	address->keys[i] = key;
}

static void
saw_source(struct mail_source *source, int64_t day)
{
	source->first = day < source->first ? day : source->first;
	source->last = day > source->last ? day : source->last;
}

void
mail_passed(struct mail *mail, uint32_t number, const struct mail_row *row)
{
	struct mail_source *source = &mail->sources[number];
	const struct mail_facts *facts = row->facts;
	struct mail_address *address = get_address(mail, row);
	int64_t key = own_key(mail, facts);

	source->passed_last =
	    source->passed && source->passed_last > row->day ? source->passed_last : row->day;
	source->passed = true;
	saw_source(source, row->day);
	if (facts->spf && key != 0 && facts->own_passes)
		remember(mail, &mail->spf_keys, key);
	if (facts->spf && row->ip != NULL)
		remember(mail, &mail->spf_nets, mail_hash(mail, SALT_NET, row->ip, source_prefix(row->ip)));
	if (address == NULL)
		return;
	if (facts->spf) {
		address->spf = true;
		address->spf_source = number;
	} else if (key != 0 && facts->own_passes &&
		   (facts->service == NULL || sender_passes_on(facts->service))) {
		add_key(address, (uint64_t)key);
	} else {
		address->sender = true;
	}
}

static bool
relays(const struct mail *mail, const struct mail_address *address)
{
	int64_t known;
	size_t i;

	if (address->spf || address->sender)
		return false;
	for (i = 0; i < MAIL_KEYS && address->keys[i] != 0; i++)
		if (!intmap_get(&known, &mail->spf_keys, (int64_t)address->keys[i]))
			return false;
	return true;
}

static bool
source_passed(const struct mail *mail, const struct mail_row *row)
{
	struct str name = row->facts->source;
	char key[MAIL_KEY];
	int64_t number;

	if (name.data != NULL) {
		number = intern_find(&mail->source_keys, mail_key(key, 's', name.data, name.len));
		return number > 0 && mail->sources[entry(number, mail->other_source)].passed;
	}
	return row->ip != NULL && intmap_get(&number, &mail->spf_nets,
				      mail_hash(mail, SALT_NET, row->ip, source_prefix(row->ip)));
}

void
mail_history(struct mail_history *history, const struct mail *mail, const struct mail_row *row)
{
	const struct mail_address *address = find_address(mail, row);
	int64_t key = own_key(mail, row->facts), known;

	*history = (struct mail_history){
	    .source_passed = source_passed(mail, row),
	    .address_passed = address != NULL,
	    .address_spf = address != NULL && address->spf,
	    .address_relays = address != NULL && relays(mail, address),
	    .selector_own = key != 0 && intmap_get(&known, &mail->spf_keys, key),
	};
}

/* ---- what is there ---- */

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
	struct str bytes = address_key(key, row);
	size_t all = MAIL_MANY * mail->span.most; /* half of them at most for all others together */
	int64_t pair = mail_hash(mail, ((uint64_t)number << 2) + SALT_PAIR, bytes.data, bytes.len), known;

	saw_source(source, row->day);
	if (is_for_others(class) && (address = find_address(mail, row)) != NULL)
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

	for (i = 0; i < mail->addresses.count; i++)
		if (mail->address[i].spf && mail->address[i].unaligned)
			mail->sources[mail->address[i].spf_source].shared = true;
	intmap_free(&mail->pairs);
}

void
mail_sources_free(struct mail *mail)
{
	intern_free(&mail->decided);
	intern_free(&mail->source_keys);
	intern_free(&mail->name_texts);
	intern_free(&mail->addresses);
	intmap_free(&mail->pairs);
	intmap_free(&mail->spf_keys);
	intmap_free(&mail->spf_nets);
	free(mail->decisions);
	free(mail->sources);
	free(mail->names);
	free(mail->address);
}
