/* decode: text of any encoding that reports come in as clean UTF-8: no bad sequences, no control characters.
 */
#ifndef DMARCQ_PARSE_DECODE_H
#define DMARCQ_PARSE_DECODE_H

#include "base/stream.h"
#include "base/text.h"

/* True when the text can go to the XML library as it is: UTF-8 or ASCII, declared so or not declared. */
bool decode_is_plain(const unsigned char *head, size_t len);

struct decoder;
/* Decodes a stream from where it stands; head: its first bytes, for BOM and declaration. */
struct decoder *decoder_open(struct stream *from, const unsigned char *head, size_t len);
/* Bytes that were already taken from the stream and come before the rest; they must live until they are used
 * up. */
void decoder_give(struct decoder *decoder, const unsigned char *bytes, size_t len);
/* The next piece, borrowed until the next call; length 0 at the end. */
enum status decoder_next(struct decoder *decoder, struct str *text, struct err *err);
/* What had to be done so far. */
bool decoder_was_misdeclared(const struct decoder *decoder);
bool decoder_had_bad_bytes(const struct decoder *decoder);
bool decoder_had_controls(const struct decoder *decoder);
void decoder_close(struct decoder *decoder);

#endif
