"""Texts that people should not type and somebody will: each must be shown as it is, and none may ever do anything."""

NAUGHTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover=alert(1) x='",
    "</textarea></title><svg/onload=alert(1)>",
    "{{7*7}}{% raw %}${7*7}#{7*7}",
    "javascript:alert(1)//",
    "&lt;b&gt;&amp;#39;&#x3c;i>",
    "<!--]]>--><a href=//evil.example>x</a>",
    "Robert'); DROP TABLE debts;--",
    "null",
    "../../etc/passwd",
    "%0d%0aSet-Cookie: a=b",
    "Z\u0351\u036b\u0343\u036a\u0302a\u0300\u0301\u0302l\u0315go",
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 abc",
    "\U0001f4a9\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "=cmd|'/C calc'!A0",
)
