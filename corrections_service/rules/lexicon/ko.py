"""Korean."""

from corrections_service.rules.lexicon.words import Words

WORDS = Words(
    function="은 는 이 가 을 를 에 의 와 과 로 으로 도 만 에서 부터 까지 하고",
    numbers="""
1/2: 절반  1: 하나 첫  2: 둘 두  3: 셋 세  4: 넷 네  5: 다섯  6: 여섯  7: 일곱  8: 여덟  9: 아홉  10: 열  11: 열하나  12: 열두  20: 스물 스무  30: 서른
40: 마흔  50: 쉰  60: 예순  70: 일흔  80: 여든  90: 아흔  100: 수백  1000: 수천
""",
    dates="""
january: 1월  monday: 월요일*  tuesday: 화요일*  wednesday: 수요일*  thursday: 목요일*  friday: 금요일*  saturday: 토요일*  sunday: 일요일*
-1: 어제  0: 오늘*  1: 내일*  2: 모레  last_year: 작년*  this_year: 올해*  next_year: 내년*  last_week: 지난주*  this_week: 이번주*
next_week: 다음주*  morning: 오전  noon: 정오  afternoon: 오후  evening: 저녁  night: 밤
""",
    relative="""
last: 지난  next: 다음
""",
    units="""
%: 퍼센트  $: 달러*  €: 유로*  ₽: 루블  ¥: 위안 엔  ₩: 원*  cm: 센티미터  m: 미터*  km: 킬로미터*  mi: 마일*  g: 그램*  kg: 킬로그램*  t: 톤  l: 리터*
s: 초  min: 분  h: 시간  day: 일  week: 주간  month: 개월*  year: 년  10000: 만  100000000: 억
""",
    denials="""
no: 않* 없* 못* 아니* 안 말*
""",
    places="""
russia: 러시아*  ukraine: 우크라이나*  america: 미국*  china: 중국*  japan: 일본*  korea: 한국*  north_korea: 북한*  taiwan: 대만*  india:
인도  germany: 독일*  france: 프랑스*  britain: 영국*  italy: 이탈리아*  spain: 스페인*  turkey: 튀르키예* 터키*  poland: 폴란드*  israel:
이스라엘*  palestine: 팔레스타인*  iran: 이란*  iraq: 이라크*  syria: 시리아*  lebanon: 레바논*  jordan: 요르단*  egypt: 이집트*  saudi: 사우디*
sudan: 수단  qatar: 카타르*  gaza: 가자*  moscow: 모스크바*  kyiv: 키이우*  washington: 워싱턴*  new_york: 뉴욕*  london: 런던*  paris: 파리*
berlin: 베를린*  beijing: 베이징*  shanghai: 상하이*  hong_kong: 홍콩*  tokyo: 도쿄*  kyoto: 교토*  osaka: 오사카*  seoul: 서울*  busan:
부산*  incheon: 인천*  daegu: 대구  cairo: 카이로*
""",
    number_parts=r"(?:[일이삼사오육칠팔구수몇]?[십백천만억]){1,5}+[일이삼사오육칠팔구]?|[수몇][십백천만]\p{L}?",
    denying_prefix=r"[불비무미](?=\p{L})",
    opposites="""
모든 모두 | 대부분 | 일부
찬성* | 반대*
증가* 상승* | 감소* 하락*
승리* | 패배*
합격* | 불합격*
남성* 남자* | 여성* 여자*
수입* | 수출*
""",
)
