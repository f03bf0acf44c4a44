SELECT code, times, repair_words(code), first FROM report_repair WHERE report = :id ORDER BY code
