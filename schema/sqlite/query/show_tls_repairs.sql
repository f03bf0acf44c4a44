SELECT code, times, repair_words(code), first FROM tls_repair WHERE report = :id ORDER BY code
