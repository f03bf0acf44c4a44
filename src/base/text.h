/* text: slices of bytes and the one checked reader for numbers and times. Knows nothing of mail or DMARC. */
#ifndef DMARCQ_BASE_TEXT_H
#define DMARCQ_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A borrowed piece of text; data NULL means that there is none, which is not the same as an empty one. */
struct str {
	const char *data;
	size_t len;
};

/* The slice over a C string; NULL gives the missing slice. */
struct str str_of(const char *text);
bool str_eq(struct str str, const char *text);
bool str_same(struct str a, struct str b);
/* Without blanks, tabs and line ends at both ends. */
struct str str_trim(struct str str);
/* Whether "12:34" stands in it, behind its first character: a sentence seldom has one, a date of mail always.
 */
bool str_has_time(struct str str);

/* Whole unsigned decimal number that fits; nothing else around it. */
bool text_u64(uint64_t *out, const char *text, size_t len);
/* Whole decimal number with an optional sign, in least..most; nothing else around it. */
bool text_i64(int64_t *out, const char *text, size_t len, int64_t least, int64_t most);

/* ASCII only, locale never asked. */
char text_lower(char c);
bool text_is_blank(char c); /* blank, tab, CR, LF, VT, FF */
bool text_is_digit(char c);
void text_lower_all(char *text, size_t len);
/* Position of needle in text without regard to ASCII case, or -1. */
long text_find_nocase(const char *text, size_t len, const char *needle);
/* True when both are equal without regard to ASCII case. */
bool text_same_nocase(const char *a, size_t a_len, const char *b);

/* Length of the UTF-8 sequence at text (1..4), 0 when it is not valid UTF-8 (RFC 3629). *point gets the
 * character. */
size_t text_utf8(const char *text, size_t len, uint32_t *point);
/* Writes a character as UTF-8 into to[4]; returns its length. */
size_t text_utf8_put(char *to, uint32_t point);

enum { TIME_TEXT = 32, DAY_SECONDS = 86400 };

/* Day number (days since 1970-01-01, UTC) from a date and back; proleptic Gregorian. */
int64_t day_of_date(int year, int month, int day);
void day_to_date(int64_t day, int *year, int *month, int *day_of_month);
/* "2026-01-31T23:59:59Z" and "2026-01-31"; years outside 0000..9999 are written as "@SECONDS". */
void time_format(char out[TIME_TEXT], int64_t seconds);
void day_format(char out[TIME_TEXT], int64_t day);
/*
 * ISO 8601 date or date and time ("2026-01-31", "2026-01-31T23:59:59Z", "... +01:00", blank for T, fraction
 * ignored; no zone means UTC) to UTC seconds.
 */
bool time_parse_iso(int64_t *seconds, const char *text, size_t len);
/* The date of a mail (RFC 5322 s. 3.3 and its obsolete forms) to UTC seconds; a zone that is not known is
 * UTC. */
bool time_parse_mail(int64_t *seconds, const char *text, size_t len);
/* A length of time in days: "30d", "12w"; at most a hundred years. */
bool days_parse(int64_t *days, const char *text);

#endif
