/* tls_text: a TLS report as plain text, so that tests can compare all of it with one string. */
#ifndef DMARCQ_TESTS_UNIT_TLS_TEXT_H
#define DMARCQ_TESTS_UNIT_TLS_TEXT_H

#include "base/buf.h"
#include "report/tls.h"

/* Appends "org|key contact id begin end", a line for each policy and failure; missing texts and numbers as
 * "-".
 */
void tls_text(struct buf *to, const struct tls_report *report);
/* Appends "code*times" and so on, in the order of repairs.def. */
void tls_text_repairs(struct buf *to, const struct tls_report *report);

#endif
