"""Chinese, Japanese and Thai: scripts that write no spaces, whose words are found within a text."""

from corrections_service.rules.lexicon.words import Words

WORDS = Words(
    function="は が を に で と も の へ や から まで より など",
    numbers="""
0: ศูนย์  1/2: ครึ่ง  1: หนึ่ง  2: สอง  3: สาม  4: สี่  5: ห้า  6: หก  7: เจ็ด  8: แปด  9: เก้า  10: สิบ  100: ร้อย
1000: พัน  10000: หมื่น  100000: แสน  1000000: ล้าน
""",
    dates="""
monday: 月曜 周一 星期一 週一 จันทร์  tuesday: 火曜 周二 星期二 週二  wednesday: 水曜 周三 星期三 週三  thursday: 木曜 周四 星期四 週四  friday: 金曜 周五 星期五
週五  saturday: 土曜 周六 星期六 週六  sunday: 日曜 周日 星期日 星期天 週日  -2: 前天 一昨日  -1: 昨日 昨天  0: 今日 今天  1: 明日 明天  2: 后天 後天 明後日
last_year: 昨年 去年  this_year: 今年  next_year: 来年 來年 明年  last_week: 先週 上周 上週  this_week: 今週 本周 本週  next_week: 来週 下周 下週
last_month: 先月 上月 上个月 上個月  this_month: 今月 本月  next_month: 来月 下月 下个月 下個月  morning: 午前 上午  noon: 正午 中午  afternoon: 午後 下午
evening: 晚上  night: 深夜 夜里  christmas: クリスマス 圣诞 聖誕
""",
    units="""
%: パーセント 百分之  $: ドル 美元  €: ユーロ 欧元 歐元  £: 英镑 ポンド  ₽: ルーブル 卢布  ¥: 円 元 日元 人民币  ₩: ウォン  cm: センチ 厘米 公分  m: メートル 米 公尺  km:
キロ キロメートル 公里  mi: マイル 英里  ha: ヘクタール 公顷  g: グラム 克  kg: キログラム 公斤 千克  t: トン 吨 噸  l: リットル 升  s: 秒  min: 分钟 分鐘  h: 時間 小时 小時
day: 日間 天  week: 週間 周间  month: か月 ヶ月 个月 個月  year: 年  celsius: 摄氏  fahrenheit: 华氏  10000: 万 萬  100000000: 億 亿
""",
    denials="""
no: 不 没 沒 無 无 非 未 莫 勿 ない なかっ なし なければ ません ぬ ไม่
""",
    places="""
russia: ロシア 俄罗斯 俄羅斯 俄国  ukraine: ウクライナ 乌克兰 烏克蘭  america: アメリカ 米国 美国 美國  china: 中国 中國  japan: 日本  korea: 韓国 韩国 韓國
north_korea: 北朝鮮 朝鲜  taiwan: 台湾 台灣  india: インド 印度  germany: ドイツ 德国 德國  france: フランス 法国 法國  britain: イギリス 英国 英國  italy:
イタリア 意大利  spain: スペイン 西班牙  turkey: トルコ 土耳其  poland: ポーランド 波兰  israel: イスラエル 以色列  palestine: パレスチナ 巴勒斯坦  iran: イラン 伊朗
iraq: イラク 伊拉克  syria: シリア 叙利亚  lebanon: レバノン 黎巴嫩  jordan: ヨルダン 约旦  egypt: エジプト 埃及  saudi: サウジ 沙特  libya: リビア 利比亚
sudan: スーダン 苏丹  morocco: モロッコ 摩洛哥  algeria: アルジェリア 阿尔及利亚  tunisia: チュニジア 突尼斯  yemen: イエメン 也门  qatar: カタール 卡塔尔  gaza:
ガザ 加沙  moscow: モスクワ 莫斯科  kyiv: キーウ キエフ 基辅  washington: ワシントン 华盛顿  new_york: ニューヨーク 纽约  london: ロンドン 伦敦  paris: パリ 巴黎
berlin: ベルリン 柏林  beijing: 北京  shanghai: 上海  nanjing: 南京  hong_kong: 香港  tokyo: 東京 东京  kyoto: 京都  osaka: 大阪  nara: 奈良
okinawa: 沖縄  hiroshima: 広島  seoul: ソウル 首尔 首爾  busan: 釜山  cairo: カイロ 开罗
""",
    opposites="""
増加 上昇 増え | 減少 下落 低下 減っ
賛成 同意 承認 | 反対 拒否 否決
勝利 勝っ 勝ち | 敗北 敗れ 負け
以上 | 以下
輸入 | 輸出
男性 | 女性
増长 增长 增加 上升 | 减少 下降
赞成 同意 支持 | 反对 拒绝
胜利 获胜 | 失败 落败
进口 | 出口
全部 所有 | 大部分 | 部分
陽性 阳性 | 陰性 阴性
""",
)
