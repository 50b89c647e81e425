"""Names of many origins for the labelled set, each with the ways in which it is spelled; invented people bear them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """Each name is the tuple of its spellings; `share` is how often the origin comes up against the others."""

    nationality: str
    share: int
    families: tuple[tuple[str, ...], ...]
    women: tuple[tuple[str, ...], ...]
    men: tuple[tuple[str, ...], ...]


def _origin(nationality: str, share: int, families: str, women: str, men: str) -> Origin:
    return Origin(nationality, share, *map(_names, (families, women, men)))


def _names(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(name.strip().split("/")) for name in text.split(","))


# The first names of a list are borne most: the set draws them far more often than the last.
ORIGINS = (
    _origin("PAK", 9,
            "Khan, Hussain/Hussein/Husain/Hussayn, Ahmed/Ahmad/Ahmet, Malik/Malick, Shah, Iqbal, Butt, Mahmood/Mahmud/Mehmood, "
            "Chaudhry/Chowdhury/Choudhary/Chaudhary, Qureshi/Quraishi/Kureshi, Siddiqui/Siddiqi/Sidiqui, Mirza, Bhatti, "
            "Awan, Akhtar/Akhter, Raza/Rizza, Sheikh/Shaikh/Shaykh, Javed/Javaid, Ashraf, Rehman/Rahman, Kiani, Gilani/Jilani",
            "Fatima/Fatimah/Fathima, Ayesha/Aisha/Aysha, Zainab/Zaynab, Maryam/Mariam, Sana, Nadia/Nadiya, Rubina, Saima, "
            "Khadija/Khadeeja/Hadija, Bushra, Shazia, Nasreen/Nasrin, Yasmin/Yasmeen, Amina/Aminah, Farzana, Kausar/Kauser",
            "Muhammad/Mohammed/Mohammad/Mohamed, Ali/Aly, Imran/Emran, Usman/Osman/Uthman, Tariq/Tarek/Tarik, Bilal, Hamza, "
            "Faisal/Faysal, Kashif, Nadeem/Nadim, Asif/Aasif, Yousaf/Yusuf/Yousuf, Shahid/Shaheed, Waqas, Zubair/Zubayr, "
            "Hassan/Hasan, Sajid/Sajjid, Khalid/Khaled, Adeel/Adil"),
    _origin("NGA", 14,
            "Okafor/Okafo, Adeyemi, Balogun, Eze/Ezeh, Ibrahim/Ebrahim, Nwosu, Ogunleye, Bello, Okonkwo/Okonkwor, Musa/Moussa, "
            "Abubakar/Aboubakar, Uzoma, Danjuma, Olawale, Adebayo, Chukwu, Onyekachi, Lawal, Afolabi, Obi, Ezenwa, Akinola, "
            "Oyelaran, Umeh, Igwe, Sanni/Sani, Oladipo, Nnamdi, Effiong, Etim, Ogbonna, Adesina",
            "Ngozi, Blessing, Chioma, Amina/Aminah, Folake, Funmilayo/Funmi, Hauwa/Hawa, Ifeoma, Yetunde, Grace, Oluwaseun/Seun, "
            "Chiamaka/Amaka, Zainab/Zaynab, Bukola, Patience, Kemi, Adaeze, Comfort, Taiwo, Kehinde, Esther, Uche, Halima",
            "Emeka/Chukwuemeka, Chidi, Tunde/Babatunde, Musa/Moussa, Obinna, Segun/Olusegun, Uche, Ibrahim, Sunday, Samuel, Yusuf, "
            "Chinedu, Kunle, Femi/Olufemi, Taiwo, Kehinde, Emmanuel/Emanuel, Godwin, Ahmed/Ahmad, Ikechukwu/Ike, Abdullahi/Abdulahi"),
    _origin("IND", 12,
            "Singh, Patel, Sharma, Kaur, Kumar, Reddy, Nair/Nayar, Iyer, Gupta, Chauhan/Chouhan, Pillai, Desai, Joshi, Das, Rao, "
            "Mukherjee/Mukherji/Mukerjee, Banerjee/Banerji, Bose/Basu, Menon, Naidu, Shah, Verma/Varma, Yadav, Mishra/Misra, Thakur/Thakkur, "
            "Fernandes/Fernandez, D’Souza/De Souza/Dsouza, Agarwal/Aggarwal/Agrawal, Bhatt/Bhat, Kulkarni",
            "Priya, Anjali/Anjaly, Kavita/Kavitha, Sunita/Suneeta, Lakshmi/Laxmi, Deepa/Dipa, Manpreet, Harpreet, Jaswinder, Meena/Mina, "
            "Pooja/Puja, Neha, Rekha, Shanti/Shanthi, Radha, Geeta/Gita, Amrita, Simran, Usha, Nisha, Swati, Rajni/Rajani",
            "Rahul, Rajesh, Amit, Suresh, Vikram, Arjun/Arjan, Gurpreet, Harpreet, Sanjay/Sanjai, Anil, Sunil/Suneel, Vijay/Vijai, Manoj, "
            "Krishna/Krishnan, Mohammed/Mohamed, Ravi, Ramesh, Deepak/Dipak, Ashok, Jaswinder, Dinesh, Rakesh, Prakash"),
    _origin("BGD", 7,
            "Begum, Rahman/Rehman, Miah/Mia, Islam, Hossain/Hussain/Hossein, Uddin/Udin, Ahmed/Ahmad, Khatun/Khatoon, Chowdhury/Choudhury/Chaudhury, "
            "Akter/Akhter/Aktar, Ali, Alam, Sarkar/Sarker/Sircar, Talukdar/Talukder, Karim/Kareem, Khanom/Khanam, Haque/Hoque/Haq, Sultana",
            "Fatema/Fatima/Fatema, Rokeya/Ruqaiya, Salma/Selma, Shirin/Shireen, Nasrin/Nasreen, Jahanara, Farida/Fareeda, Rahima, Ayesha/Aysha, "
            "Hasina/Haseena, Monira/Munira, Sabina, Shahida, Taslima, Nazma, Rehana",
            "Md/Mohammed/Mohammad/Muhammad, Abdul/Abdool, Kamal, Jamal, Rafiq/Rafique, Shahid/Shohid, Habib, Anwar/Anowar, Nurul/Noorul, "
            "Mizanur/Mizan, Shafiq/Shafique, Monir/Munir, Aminul, Faruk/Farooq, Jahangir, Selim/Salim, Ruhul, Badrul"),
    _origin("EGY", 5,
            "Hassan/Hasan, Ibrahim/Ebrahim, Mohamed/Mohammed/Muhammad, Abdel Rahman/Abdelrahman/Abdul Rahman, El-Sayed/Elsayed/Al Sayed, Mansour/Mansur, "
            "Farouk/Farouq/Faruk, Mahmoud/Mahmud, Abdallah/Abdullah, Salah/Saleh, Fathy/Fathi, Gaber/Jaber, Khalil/Khaleel, Shafik/Shafiq, Youssef/Yousef/Yusuf",
            "Mona/Muna, Heba/Hiba, Dalia/Daliya, Yasmin/Yasmine, Fatma/Fatima, Nour/Noor/Nur, Mariam/Maryam, Aya, Salma, Eman/Iman, Rania, Samira/Sameera, "
            "Amal, Hanan, Sara/Sarah, Nadia",
            "Ahmed/Ahmad, Mohamed/Mohammed/Mohamad, Mahmoud/Mahmud, Karim/Kareem, Hossam/Husam, Tamer, Omar/Umar, Khaled/Khalid, Mostafa/Mustafa/Moustafa, "
            "Amr, Youssef/Yousef/Yusuf, Sherif/Sharif, Hany/Hani, Walid/Waleed, Ashraf, Hussein/Hussain, Hassan/Hasan"),
    _origin("SOM", 4,
            "Mohamed/Mohamud/Maxamed, Ali/Cali, Hassan/Xasan, Abdi/Cabdi, Ahmed/Axmed, Warsame, Farah/Faarax, Jama/Jaamac, Hirsi, Omar/Cumar, Yusuf, Isse/Ciise, "
            "Nur/Noor, Abdullahi/Cabdullaahi",
            "Fadumo/Faduma/Fatuma, Hodan, Ayaan/Ayan, Sahra/Zahra, Halimo/Halima, Khadra, Maryan/Maryam, Amina/Aamina, Ifrah/Ifraax, Hibo, Asha/Casha, Nimco/Nimo",
            "Abdirahman/Abdurahman, Mohamed/Maxamed, Liban/Liiban, Mahad, Abdi/Cabdi, Hassan, Hussein, Ismail/Ismaciil, Yusuf, Omar, Ahmed/Axmed, Abdullahi"),
    _origin("GHA", 6,
            "Mensah, Owusu, Boateng/Boaten, Asante, Appiah/Apia, Osei, Agyeman/Agyemang, Darko, Amoah, Addo, Acheampong/Akyeampong, Ofori, Sarpong, Antwi, "
            "Gyamfi/Jamfi, Quaye/Kwaye, Tetteh, Nkrumah, Adjei/Agyei, Frimpong",
            "Akosua, Abena, Efua, Adwoa/Adjoa, Esi, Ama, Akua, Yaa, Afia/Afua, Gifty, Mavis, Comfort, Mercy, Vida, Felicia, Panyin, Kakra",
            "Kwame, Kofi, Yaw, Kwabena, Kwaku/Kweku, Kojo/Kwadwo, Kwasi/Kwesi, Ekow, Emmanuel, Samuel, Isaac, Prince, Daniel, Joseph, Panyin, Kakra"),
    _origin("PHL", 4,
            "Santos, Reyes, Dela Cruz/De la Cruz/Delacruz, Bautista, Garcia, Ocampo, Mendoza, Villanueva/Villa Nueva, Aquino, Ramos, Mercado, Castillo, Domingo, "
            "Gonzales/Gonzalez, Navarro, Salazar",
            "Maricel, Jocelyn/Joselyn, Rosario, Liza/Lisa, Angelica/Anjelica, Maria, Mary Grace/Marygrace, Kristine/Christine, Rowena, Analyn/Annalyn, Cherry, "
            "Lorna, Jennifer/Jenifer, Michelle/Michele",
            "Jomar, Rodel, Arnel, Efren, Danilo, Jose, Mark/Marc, John Paul/Johnpaul, Christian/Kristian, Reynaldo, Ferdinand, Joel, Ramil, Jerome"),
    _origin("CHN", 5,
            "Wang/Wong, Li/Lee, Zhang/Chang, Chen/Chan, Liu/Lau, Zhao/Chao, Huang/Wong, Zhou/Chow, Wu, Xu/Hsu, Sun, Zhu/Chu, Lin/Lam, Guo/Kuo, Ma, Gao/Kao",
            "Xiuying, Meiling/Mei Ling, Yan, Jing, Lihua/Li Hua, Fang, Xiaoyan/Xiao Yan, Yanyan, Hui, Min, Juan, Xiaohong/Xiao Hong, Ying",
            "Wei, Jian, Ming, Qiang, Bo, Jianguo/Jian Guo, Weimin/Wei Min, Tao, Hao, Xiaoming/Xiao Ming, Guoqiang/Guo Qiang, Lei, Feng, Jun"),
    _origin("UKR", 3,
            "Kovalenko, Shevchenko/Shevchenka, Bondarenko, Tkachenko, Kravchenko, Oliynyk/Oliinyk/Oleynik, Melnyk/Melnik, Lysenko, Marchenko, Savchenko, "
            "Polishchuk/Polischuk, Kovalchuk/Kovalchuck",
            "Oksana/Oxana, Iryna/Irina, Halyna/Galina, Nadiya/Nadia/Nadezhda, Olena/Elena, Tetiana/Tatiana, Svitlana/Svetlana, Kateryna/Ekaterina, Yuliia/Julia/Yulia, "
            "Natalia/Nataliia, Anastasiia/Anastasia",
            "Oleksandr/Aleksandr/Alexander, Serhii/Sergey/Sergii, Mykola/Nikolai, Andrii/Andrey/Andriy, Dmytro/Dmitry/Dmitri, Ihor/Igor, Yurii/Yuri/Yury, "
            "Volodymyr/Vladimir, Taras, Bohdan/Bogdan, Vasyl/Vasily"),
    _origin("BRA", 3,
            "da Silva/Silva, dos Santos/Santos, Oliveira/de Oliveira, Souza/Sousa/de Souza, Pereira, Lima, Costa/da Costa, Ferreira, Araújo/Araujo, Rodrigues/Rodriguez, "
            "Almeida/de Almeida, Conceição/Conceicao, Gonçalves/Goncalves, Barbosa, Ribeiro",
            "Juliana/Julianna, Fernanda, Beatriz, Larissa/Larisa, Ana/Anna, Mariana, Gabriela/Gabriella, Patrícia/Patricia, Camila/Camilla, Letícia/Leticia, Bruna, Luciana",
            "João/Joao, José/Jose, Thiago/Tiago, Rafael/Raphael, Gustavo, Lucas/Lukas, Felipe/Filipe/Phelipe, Carlos, Marcos/Marcus, Antônio/Antonio, Matheus/Mateus, Luiz/Luis"),
    _origin("VNM", 3,
            "Nguyễn/Nguyen, Trần/Tran, Phạm/Pham, Lê/Le, Hoàng/Hoang, Vũ/Vu, Đặng/Dang, Bùi/Bui, Đỗ/Do, Phan, Ngô/Ngo, Dương/Duong",
            "Thị Lan/Thi Lan, Thị Hương/Thi Huong, Mai, Thảo/Thao, Linh, Thu Hà/Thu Ha, Ngọc/Ngoc, Hạnh/Hanh, Phương/Phuong, Yến/Yen, Trang",
            "Văn Minh/Van Minh, Hùng/Hung, Quân/Quan, Sơn/Son, Tuấn/Tuan, Đức/Duc, Long, Thành/Thanh, Văn Nam/Van Nam, Hải/Hai, Dũng/Dung"),
    _origin("USA", 5,
            "Smith/Smyth, Johnson/Johnston, Williams, Brown/Browne, Jones, Miller, Davis/Davies, Anderson/Andersen, Thompson/Thomson, Rodriguez, Martinez, Kowalski/Kowalsky, "
            "O’Brien/OBrien/O Brien, MacDonald/McDonald/Macdonald, Schneider/Snyder, Hargrove, Whitfield, Peterson/Petersen, Clark/Clarke, Lindqvist/Lindquist, Cohen/Cohn, Reed/Reid",
            "Jennifer/Jenifer, Elizabeth/Elisabeth, Sarah/Sara, Katherine/Catherine/Kathryn, Ashley/Ashleigh, Megan/Meghan, Rebecca/Rebekah, Michelle/Michele, Emily/Emilie, "
            "Nicole/Nichole, Kristen/Kirsten, Denise, Caroline/Carolyn, Lindsay/Lindsey, Theresa/Teresa",
            "Michael/Micheal, John/Jon, David, Christopher/Kristopher, Matthew/Mathew, Stephen/Steven, Jeffrey/Geoffrey, Brian/Bryan, Eric/Erik, Sean/Shaun/Shawn, Mark/Marc, "
            "Phillip/Philip, Nicholas/Nicolas, Bradley, Allan/Alan/Allen"),
    _origin("SYR", 4,
            "Al-Ahmad/Alahmad/Ahmad, Al-Hussein/Alhussein, Al-Khatib/Alkhateeb/Khatib, Haddad, Al-Ali/Alali, Darwish/Darwich, Kassem/Qasem/Kasim, Najjar/Najar, "
            "Al-Masri/Almasri, Sabbagh/Sabagh, Suleiman/Sulaiman/Soliman, Nasser/Naser, Hamdan, Shaheen/Chahine",
            "Rima/Reema, Lina/Leena, Hala, Rasha, Nour/Noor, Ghada, Wafa/Wafaa, Fatima/Fatimah, Hanan, Sawsan/Susan, Abeer/Abir, Khadija/Khadijah",
            "Mohammad/Mohamad/Mohammed, Ahmad/Ahmed, Khaled/Khalid, Bassam/Bassem, Samer, Ammar/Amar, Yasser/Yasir, Ibrahim, Fadi, Mazen/Mazin, Ayman/Aiman, Hassan, Hussein/Husain"),
    _origin("JAM", 4,
            "Campbell/Cambell, Brown/Browne, Williams/William, Grant, Clarke/Clark, Reid/Reed, Gordon, Thompson/Thomson, Morgan, Bailey/Bayley, Wright/Right, Lewis/Louis, Stewart/Stuart, "
            "Facey/Facy, Brissett/Brisset, Whyte/White",
            "Shanice/Shaniece, Keisha/Kesha, Marcia/Marsha, Tamika/Tameka, Simone, Nadine, Shelly-Ann/Shelly Ann/Shellyann, Kerry-Ann/Kerry Ann, Latoya/Latoyah, Sherene/Shereen, Paulette, Jacqueline/Jaqueline",
            "Delroy, Winston, Omar, Leroy, Andre/Andrae, Dwayne/Duane/Dwain, Garfield, Everton, Jermaine/Germaine, Kemar, Devon/Davon, Fitzroy, Rohan"),
    _origin("TUR", 3,
            "Yılmaz/Yilmaz, Kaya, Demir, Şahin/Sahin, Çelik/Celik, Yıldız/Yildiz, Öztürk/Ozturk, Aydın/Aydin, Özdemir/Ozdemir, Arslan/Aslan, Doğan/Dogan, Kılıç/Kilic, Koç/Koc, Polat",
            "Ayşe/Ayse, Fatma, Elif, Zeynep, Hatice/Hatije, Emine, Meryem, Şerife/Serife, Özlem/Ozlem, Gülsüm/Gulsum, Esra, Merve",
            "Mehmet/Mehmed, Mustafa, Ahmet/Ahmed, Ali, Hüseyin/Huseyin/Hussein, Hasan/Hassan, İbrahim/Ibrahim, Emre, Murat/Murad, Ömer/Omer, Yusuf, Burak, Serkan"),
)  # fmt: skip
