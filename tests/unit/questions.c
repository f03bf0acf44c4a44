/* questions: a database made by hand, whose every number is known. */
#include "questions.h"

/* Days: 20454 is 2026-01-01. Profile 1 passes, 2..6 fail, 7 is unknown. */
const char questions_world[] =
    "INSERT INTO name (id, text) VALUES (100,'example.com'), (101,'example.net'), (102,'sendgrid.net'), "
    "(103,'s1'),"
    " (104,'b.example.com'), (105,'forwarder.example'), (106,'why');"
    "INSERT INTO reporter (id, org) VALUES (1,'a.example'), (2,'b.example');"
    "INSERT INTO ip (id, text, address) VALUES (1,'192.0.2.1',x'00000000000000000000ffffc0000201'),"
    " (2,'192.0.2.200',x'00000000000000000000ffffc00002c8'), "
    "(3,'2001:db8::1',x'20010db8000000000000000000000001'),"
    " (4,'no address',NULL), (5,'198.51.100.1',x'00000000000000000000ffffc6336401');"
    "INSERT INTO detail (id, hash, kind, a, b, result, c, lang) VALUES (1,0,1,102,103,2,NULL,NULL), "
    "(2,0,2,100,12,8,NULL,NULL),"
    " (3,0,2,104,12,2,NULL,NULL), (4,0,0,106,NULL,NULL,106,NULL), (5,0,1,100,103,3,106,NULL), "
    "(6,0,2,105,NULL,2,NULL,NULL);"
    "INSERT INTO profile (id, hash, header_from, envelope_from, envelope_to, disposition, dkim, spf, dmarc, "
    "details) VALUES"
    " (1,0,100,100,NULL,4,2,2,1,'[3]'),"     /* own, passes */
    " (2,0,100,NULL,NULL,4,3,3,0,'[1]'),"    /* SendGrid */
    " (3,0,100,14,NULL,5,3,3,0,'[2]'),"      /* spoof, quarantined, null return path */
    " (4,0,100,105,NULL,6,3,3,0,'[4,5,6]')," /* forwarder, rejected */
    " (5,0,100,104,NULL,4,3,3,0,'[3]'),"     /* own by SPF, not aligned */
    " (6,0,NULL,NULL,NULL,4,3,3,0,NULL),"    /* nothing known */
    " (7,0,100,NULL,NULL,4,1,1,NULL,NULL);"  /* no verdict */
    "INSERT INTO policy (id, hash, domain, p, sp) VALUES (1,0,100,'none',NULL), (2,0,100,'reject','none');"
    "INSERT INTO author (id, hash, org_name, email) VALUES (1,0,'A Example','x@a.example');"
    "INSERT INTO run (id, started, program) VALUES (1,1767916800,'test');"
    "INSERT INTO folder (id, path) VALUES (1,'reports');"
    "INSERT INTO file (id, folder, name, size, mtime, inode, state) VALUES (1,1,'a.xml',1,1,1,1);"
    "INSERT INTO original (id, sha256, size, missing, deflated) VALUES (1,x'ab',1,1,0);"
    "INSERT INTO arrival (id, run, after, file, original) VALUES (1,1,0,1,1);"
    "INSERT INTO report (id, hash, state, reporter, domain, report_id, begin, end, author, policy, arrival, "
    "incomplete, repaired,"
    " records, messages, content, first_record) VALUES"
    " (1,1,1,1,100,'r1',1767225600,1767311999,1,1,1,0,0,3,60,0,1),"  /* 2026-01-01 */
    " (2,2,1,2,100,'r2',1767398400,1767484799,1,2,1,0,0,3,50,0,4),"  /* 2026-01-03 */
    " (3,3,1,1,100,'r3',NULL,NULL,1,1,1,1,1,1,7,0,7),"               /* no day */
    " (4,1,2,1,100,'r1',1767225600,1767311999,1,1,1,0,0,1,999,0,8)," /* conflict with 1 */
    " (5,5,1,1,101,'r5',1767225600,1767830400,1,1,1,0,0,1,70,0,9);"  /* a week of example.net */
    "INSERT INTO report_repair VALUES (3,'no-date',1,'2:1: \"\"');"
    "INSERT INTO record (id, report, ip, profile, messages) VALUES (1,1,1,1,20), (2,1,5,2,30), (3,1,2,3,10),"
    " (4,2,1,4,30), (5,2,4,6,12), (6,2,1,7,8), (7,3,3,3,7), (8,4,1,3,999), (9,5,1,5,70);"
    "INSERT INTO day (id, domain, day, reporter, reports, messages, passed, failed) VALUES "
    "(1,100,20454,1,1,60,20,40),"
    " (2,100,20456,2,1,50,0,42), (3,100,NULL,1,1,7,0,7), (4,101,20454,1,1,40,0,40), "
    "(5,101,20460,1,1,30,0,30);"
    "INSERT INTO traffic (day, profile, ip, messages) VALUES (1,1,1,20), (1,2,5,30), (1,3,2,10), (2,4,1,30), "
    "(2,6,4,12), (2,7,1,8),"
    " (3,3,3,7), (4,5,1,40), (5,5,1,30);";
