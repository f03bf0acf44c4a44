/*
 * profile: the packed form. Each text is its length plus one as a base-128 number (0: missing) and its bytes;
 * the fixed fields come first, then for each detail its kind plus one and five texts, then a zero.
 */
#include "report/profile.h"

#include <string.h>

static bool
pack_str(struct buf *to, struct str str)
{
	unsigned char length[10];
	uint64_t value = str.data == NULL ? 0 : (uint64_t)str.len + 1;
	size_t n = 0;

	do {
		length[n] = (unsigned char)(value & 0x7f);
		value >>= 7;
		if (value > 0)
			length[n] |= 0x80;
		n++;
	} while (value > 0);
	return buf_add(to, length, n) && (str.data == NULL || buf_add(to, str.data, str.len));
}

bool
profile_pack(struct buf *to, const struct profile *profile)
{
	const struct detail *detail;
	unsigned char kind;
	size_t i;

	for (i = 0; i < PROFILE_FIELDS; i++)
		if (!pack_str(to, profile->field[i]))
			return false;
	for (i = 0; i < profile->count; i++) {
		detail = &profile->details[i];
		kind = (unsigned char)(detail->kind + 1);
		if (!buf_add(to, &kind, 1) || !pack_str(to, detail->a) || !pack_str(to, detail->b) ||
		    !pack_str(to, detail->result) || !pack_str(to, detail->c) || !pack_str(to, detail->lang))
			return false;
	}
	return buf_add(to, "", 1);
}

static bool
unpack_str(struct str *out, struct str *from)
{
	uint64_t value = 0;
	unsigned shift = 0;
	unsigned char c;

	do {
		if (from->len == 0 || shift > 56)
			return false;
		c = (unsigned char)*from->data++;
		from->len--;
		value |= (uint64_t)(c & 0x7f) << shift;
		shift += 7;
	} while ((c & 0x80) != 0);
	out->data = NULL;
	out->len = 0;
	if (value == 0)
		return true;
	if (value - 1 > from->len)
		return false;
	out->data = from->data;
	out->len = (size_t)(value - 1);
	from->data += out->len;
	from->len -= out->len;
	return true;
}

static bool
unpack_detail(struct detail *detail, struct str *from)
{
	unsigned char kind = (unsigned char)*from->data;

	if (kind > DETAIL_KINDS)
		return false;
	from->data++;
	from->len--;
	detail->kind = (enum detail_kind)(kind - 1);
	return unpack_str(&detail->a, from) && unpack_str(&detail->b, from) &&
	       unpack_str(&detail->result, from) && unpack_str(&detail->c, from) &&
	       unpack_str(&detail->lang, from);
}

bool
profile_unpack(struct profile *profile, struct str packed, struct arena *arena)
{
	struct str from = packed;
	size_t cap = 0, i;
	struct detail *more;

	profile->details = NULL;
	profile->count = 0;
	for (i = 0; i < PROFILE_FIELDS; i++)
		if (!unpack_str(&profile->field[i], &from))
			return false;
	while (from.len > 0 && *from.data != '\0') {
		if (profile->count == cap) {
			cap = cap == 0 ? 4 : cap * 2;
			more = arena_alloc(arena, cap * sizeof *more);
			if (profile->count > 0)
				memcpy(more, profile->details, profile->count * sizeof *more);
			profile->details = more;
		}
		if (!unpack_detail(&profile->details[profile->count], &from))
			return false;
		profile->count++;
	}
	return from.len == 1;
}

enum outcome
profile_outcome(const struct profile *profile)
{
	struct str dkim = profile->field[PROFILE_DKIM], spf = profile->field[PROFILE_SPF];

	if (str_eq(dkim, "pass") || str_eq(spf, "pass"))
		return OUTCOME_PASS;
	if (dkim.data == NULL || spf.data == NULL || str_eq(dkim, "unknown") || str_eq(spf, "unknown"))
		return OUTCOME_UNKNOWN;
	return OUTCOME_FAIL;
}

static bool
is_forwarding(const struct detail *reason)
{
	return str_eq(reason->a, "forwarded") || str_eq(reason->a, "trusted_forwarder") ||
	       str_eq(reason->a, "mailing_list") ||
	       (str_eq(reason->a, "local_policy") && reason->c.data != NULL &&
		   text_find_nocase(reason->c.data, reason->c.len, "arc=pass") >= 0);
}

unsigned
profile_flags(const struct profile *profile)
{
	const struct detail *detail;
	unsigned flags = 0;
	size_t i;

	for (i = 0; i < profile->count; i++) {
		detail = &profile->details[i];
		if (detail->kind == DETAIL_DKIM && !str_eq(detail->result, "none"))
			flags |= PROFILE_SIGNED;
		else if (detail->kind == DETAIL_SPF && str_eq(detail->result, "pass"))
			flags |= PROFILE_SPF_PASS;
		else if (detail->kind == DETAIL_REASON && is_forwarding(detail))
			flags |= PROFILE_FORWARDED;
	}
	return flags;
}

enum action
profile_action(const struct profile *profile)
{
	if (str_eq(profile->field[PROFILE_DISPOSITION], "quarantine"))
		return ACTION_QUARANTINE;
	return str_eq(profile->field[PROFILE_DISPOSITION], "reject") ? ACTION_REJECT : ACTION_OTHER;
}
